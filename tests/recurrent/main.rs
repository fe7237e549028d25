//! Tokens, embeddings and recurrent layers: gradients through time against central differences,
//! values and whole steps of training against PyTorch (`tests/reference/recurrent.py`).

mod gradients;
mod reference;
mod sequences;
mod single;
