mod batch_norm;
mod layer_norm;
