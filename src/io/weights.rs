//! Models as the bytes of a safetensors file.

use super::{Entries, LeftOver, Names, Tensors, WeightsError, numbers};
use crate::Model;
use crate::kernel::Real;
use crate::layer::{TensorInfo, tensors};
use crate::net::Network;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Weights in the safetensors format: see [`io`](crate::io).
impl<N: Network, T: Real> Model<N, T> {
    /// The parameters and statistics as the bytes of a file.
    ///
    /// # Errors
    /// If a number is one that no network can calculate with, or the names of the tensors take more
    /// than 100 MB, for which the format has no room.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        self.to_bytes_with(&Names::new())
    }

    /// As [`to_bytes`](Self::to_bytes), under other names.
    ///
    /// # Errors
    /// Those of [`to_bytes`](Self::to_bytes), and if two tensors have one name.
    pub fn to_bytes_with(&self, names: &Names) -> Result<Vec<u8>, WeightsError> {
        self.entries(names).into_bytes()
    }

    /// The same with whatever numbers there are.
    pub(super) fn to_bytes_as_is(&self) -> Result<Vec<u8>, WeightsError> {
        self.entries(&Names::new()).accepting_all().into_bytes()
    }

    /// The same in half precision.
    pub(super) fn to_half_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        self.entries(&Names::new()).halved()?.into_bytes()
    }

    /// A model from the bytes of a file, such as `include_bytes!` puts into a program.
    ///
    /// # Errors
    /// If they are not of this network: see [`WeightsError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut tensors = Tensors::parse(bytes)?;
        let mut model = Self::zeroed();
        model.read_from(&mut tensors, &Names::new())?;
        tensors.finish()?;
        Ok(model)
    }

    /// Takes over the weights in the bytes of a file that has other names, or more or fewer tensors,
    /// as `names` says. Returns what one of the two has and the other has not.
    ///
    /// # Errors
    /// If they are not of this network: see [`WeightsError`]. The model is then as it was.
    pub fn load_bytes_with(
        &mut self,
        bytes: &[u8],
        names: &Names,
    ) -> Result<LeftOver, WeightsError> {
        let mut tensors = Tensors::parse(bytes)?;
        let mut read = self.clone();
        let missing = read.read_from(&mut tensors, names)?;
        let surplus = if names.surplus {
            tensors.into_left()
        } else {
            tensors.finish().map(|()| Vec::new())?
        };
        *self = read;
        Ok(LeftOver { missing, surplus })
    }

    fn entries(&self, names: &Names) -> Entries {
        let mut entries = Entries::default();
        self.write_to(&mut entries, names);
        entries
    }

    pub(crate) fn write_to(&self, entries: &mut Entries, names: &Names) {
        let [params, stats] = infos::<N, T>();
        for (infos, values) in [(params, self.parameters()), (stats, self.statistics())] {
            for TensorInfo { names: own, dims, place } in infos {
                let squares = numbers::are_squares(&own[0]);
                for own in own.iter().take(if names.once { 1 } else { own.len() }) {
                    let name = names.of::<N>(own);
                    entries.checked(name, &dims, &values[place.clone()], squares);
                }
            }
        }
    }

    /// Returns the names of the tensors that are not there.
    pub(crate) fn read_from(
        &mut self,
        tensors: &mut Tensors<'_>,
        names: &Names,
    ) -> Result<Vec<String>, WeightsError> {
        let [params, stats] = infos::<N, T>();
        let called = |name: &str| names.of::<N>(name);
        let mut missing = read(self.parameters_mut(), &params, tensors, names.missing, called)?;
        if missing.is_empty() || names.missing {
            let of_stats = read(self.statistics_mut(), &stats, tensors, names.missing, called)?;
            missing.extend(of_stats);
        }
        if let Some(TensorInfo { names: own, dims, .. }) = missing.first()
            && !names.missing
        {
            let all: Vec<_> = params.iter().chain(&stats).map(|info| info.names.clone()).collect();
            let hint = names.hint::<N>(&all, &tensors.names());
            return Err(tensors.missing(&names.of::<N>(&own[0]), dims, hint));
        }
        Ok(missing.into_iter().map(|info| info.names[0].clone()).collect())
    }
}

/// Parameters and statistics.
pub(super) fn infos<N: Network, T: Real>() -> [Vec<TensorInfo>; 2] {
    [tensors::<T, N::Params<T>>(), tensors::<T, N::Stats<T>>()]
}

/// Reads the tensors into `values` that are there, and returns the others; unless these are allowed,
/// it stops at the first.
fn read<'i, T: Real>(
    values: &mut [T],
    infos: &'i [TensorInfo],
    tensors: &mut Tensors<'_>,
    allow_missing: bool,
    called: impl Fn(&str) -> String,
) -> Result<Vec<&'i TensorInfo>, WeightsError> {
    let mut missing = Vec::new();
    for info in infos {
        let TensorInfo { names, dims, place } = info;
        let (values, squares) = (&mut values[place.clone()], numbers::are_squares(&names[0]));
        let found = names.iter().filter_map(|name| tensors.find(&called(name)));
        let found: Vec<String> = found.collect();
        let Some((first, others)) = found.split_first() else {
            missing.push(info);
            if allow_missing {
                continue;
            }
            break;
        };
        tensors.checked(first, dims, values, squares)?;
        for other in others {
            let mut again = vec![T::ZERO; values.len()];
            tensors.checked(other, dims, &mut again, squares)?;
            if again != values {
                let (one, other) = (first.clone(), other.clone());
                return Err(WeightsError::Differ { one, other });
            }
        }
    }
    Ok(missing)
}
