//! The layers: gradients against central differences, values against PyTorch
//! (`tests/reference/layers.py`, `tests/reference/norm.py`).

mod batch_norm;
mod concat;
mod gradcheck;
mod layer_norm;
mod passes;
mod tied_dense;
