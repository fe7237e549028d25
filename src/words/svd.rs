//! The largest singular values of a large sparse matrix.
//!
//! ```text
//! A  ~=  U S V^T
//! ```
//!
//! with `rank` columns of `U` and `V`, by a random projection, which a few multiplications with
//! `A A^T` turn towards the largest singular values. Source: Halko, Martinsson and Tropp, "Finding
//! structure with randomness: probabilistic algorithms for constructing approximate matrix
//! decompositions" (2011), algorithms 4.4 and 5.1.

use nalgebra::{DMatrix, DVector};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{SparseMatrix, WordsError};

/// Dimensions beyond those asked for, which make these more exact.
const OVERSAMPLING: usize = 10;
/// Multiplications with `A A^T`.
const POWER_ITERATIONS: usize = 5;

/// A matrix, approximately, as the product of three.
#[derive(Clone, Debug)]
pub struct Svd {
    /// A row for each row of the matrix; orthonormal columns. Of each column, the entry of the
    /// largest size is positive.
    pub u: DMatrix<f64>,
    /// The singular values, in descending order.
    pub singular_values: DVector<f64>,
}

/// The `rank` largest singular values of `matrix` with their left singular vectors.
///
/// # Errors
/// [`WordsError::Rank`] where the matrix has not so many dimensions, or `rank` is zero.
pub fn truncated(
    matrix: &SparseMatrix,
    rank: usize,
    rng: &mut impl Rng,
) -> Result<Svd, WordsError> {
    let (rows, columns) = (matrix.rows(), matrix.columns());
    if rank == 0 || rank > rows.min(columns) {
        return Err(WordsError::Rank { rank, rows, columns });
    }
    let sampled = (rank + OVERSAMPLING).min(rows.min(columns));
    // Everything that is multiplied lies transposed, so that a row of the sparse matrix adds up
    // columns.
    let random = DMatrix::from_fn(sampled, columns, |_, _| StandardNormal.sample(rng));
    let mut range = orthonormal(&matrix.multiply(&random));
    for _ in 0..POWER_ITERATIONS {
        let back = orthonormal(&matrix.multiply_transposed(&range));
        range = orthonormal(&matrix.multiply(&back));
    }
    // B = Q^T A is small one way: its singular values are the roots of the eigenvalues of B B^T,
    // and its left singular vectors are the eigenvectors.
    let b = matrix.multiply_transposed(&range);
    let eigen = (&b * b.transpose()).symmetric_eigen();
    let mut order: std::vec::Vec<usize> = (0..sampled).collect();
    order.sort_by(|&i, &j| eigen.eigenvalues[j].total_cmp(&eigen.eigenvalues[i]));
    order.truncate(rank);
    let mut u = range.transpose() * eigen.eigenvectors.select_columns(&order);
    for mut column in u.column_iter_mut() {
        if column[column.icamax()] < 0.0 {
            column.neg_mut();
        }
    }
    let values = order.iter().map(|&i| eigen.eigenvalues[i].max(0.0).sqrt());
    Ok(Svd { u, singular_values: DVector::from_iterator(rank, values) })
}

/// The transpose of an orthonormal basis of the columns of `Y`, for `Y^T`.
fn orthonormal(transposed: &DMatrix<f64>) -> DMatrix<f64> {
    transposed.transpose().qr().q().transpose()
}
