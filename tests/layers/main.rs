//! The layers: gradients against central differences, values against PyTorch
//! (`tests/reference/layers.py`).

mod gradcheck;
