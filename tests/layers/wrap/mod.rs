mod concat;
mod residual;
