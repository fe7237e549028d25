mod concat;
mod elementwise;
mod residual;
