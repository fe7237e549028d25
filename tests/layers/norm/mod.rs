mod batch_norm;
mod group_norm;
mod layer_norm;
mod options;
mod rms_norm;
