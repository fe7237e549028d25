//! Parameters as plain runs of floats.
//!
//! The parameters of a layer are a `#[repr(C)]` struct of arrays, those of a network a struct of
//! its layers'. So all of a network's parameters are one contiguous slice: an optimiser is one
//! loop, a gradient is another value of the same type, a checkpoint is one write.

use super::TensorVisitor;
use crate::kernel::Real;
use crate::shape::{Column, Dim, Dimension, Transposed};
use alloc::boxed::Box;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use generic_array::{ArrayLength, GenericArray};
use nalgebra::{Const, DimName, MatrixView, MatrixViewMut};
use typenum::U1;

/// A value that is nothing but a run of `T`, in the order of its fields.
///
/// # Safety
/// The type must be `repr(C)` or `repr(transparent)`, consist of `LEN` values of `T` and nothing
/// else (no padding, no other fields but zero-sized ones of alignment 1), and have the alignment
/// of `T` or, when empty, of 1. [`params!`](crate::params) writes such types.
pub unsafe trait Plain<T>: Sized + Send + Sync + 'static {
    /// The number of values.
    const LEN: usize;

    /// Tells of each tensor inside, in memory order.
    fn tensors(visit: &mut TensorVisitor<'_>);
}

/// A matrix parameter, row after row.
pub type Rows<T, RowCount, ColumnCount> = GenericArray<GenericArray<T, ColumnCount>, RowCount>;

/// The weights of a convolution over sequences: for each filter and channel a run of taps.
pub type Taps<T, Filters, Channels, Length> =
    GenericArray<GenericArray<GenericArray<T, Length>, Channels>, Filters>;

/// The weights of a convolution over images: for each filter and channel a patch of pixels, row after row.
pub type Patches<T, Filters, Channels, Height, Width> =
    GenericArray<GenericArray<GenericArray<GenericArray<T, Width>, Height>, Channels>, Filters>;

/// The weights that a filter has for `Channels` channels. Multiplied in this order, what is one pixel
/// high has `Channels x Width` of them whatever these are, also to the compiler.
pub type PatchSize<Channels, Height, Width> =
    <<Height as Dimension>::Times<Channels> as Dimension>::Times<Width>;

/// A vector parameter.
pub type Row<T, Len> = GenericArray<T, Len>;

/// A vector parameter with an entry for each feature of a shape, an image's in the order channels,
/// height, width. As a tensor it has the dimensions of the shape, but for a height of 1, and of a
/// single pixel none but the channels.
#[repr(transparent)]
#[derive(Clone, Debug)]
pub struct Map<T, Len: ArrayLength, Channels, Height, Width> {
    values: Row<T, Len>,
    shape: PhantomData<(Channels, Height, Width)>,
}

impl<T, Len: ArrayLength, C, H, W> Deref for Map<T, Len, C, H, W> {
    type Target = Row<T, Len>;

    fn deref(&self) -> &Row<T, Len> {
        &self.values
    }
}

impl<T, Len: ArrayLength, C, H, W> DerefMut for Map<T, Len, C, H, W> {
    fn deref_mut(&mut self) -> &mut Row<T, Len> {
        &mut self.values
    }
}

/// A matrix of nalgebra that holds `Cols x Rows` in the order of a [`Rows`] parameter.
pub type Turned<'a, T, RowCount, ColumnCount> =
    MatrixView<'a, T, Dim<ColumnCount>, Dim<RowCount>, Const<1>, Dim<ColumnCount>>;
/// As [`Turned`], to be written.
pub type TurnedMut<'a, T, RowCount, ColumnCount> =
    MatrixViewMut<'a, T, Dim<ColumnCount>, Dim<RowCount>, Const<1>, Dim<ColumnCount>>;

/// A parameter that lies row after row, seen as a matrix.
pub trait AsMatrix<T: Real, RowCount: Dimension, ColumnCount: Dimension>: Plain<T> {
    /// `RowCount x ColumnCount`, for [products](crate::shape::product).
    #[inline]
    fn view(&self) -> Transposed<Turned<'_, T, RowCount, ColumnCount>> {
        rows(as_slice(self))
    }

    /// As [`view`](Self::view), to be written.
    #[inline]
    fn view_mut(&mut self) -> Transposed<TurnedMut<'_, T, RowCount, ColumnCount>> {
        rows_mut(as_mut_slice(self))
    }

    /// The transpose, `ColumnCount x RowCount`: a matrix of nalgebra.
    #[inline]
    fn t<'a>(&'a self) -> Turned<'a, T, RowCount, ColumnCount>
    where
        T: 'a,
    {
        self.view().t()
    }

    /// As [`t`](Self::t), to be written.
    #[inline]
    fn t_mut<'a>(&'a mut self) -> TurnedMut<'a, T, RowCount, ColumnCount>
    where
        T: 'a,
    {
        self.view_mut().t()
    }

    /// The transpose in plain numbers, to be multiplied with a program's own matrices:
    /// `ColumnCount x RowCount`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// use nalgebra::{Const, MatrixView};
    ///
    /// network! { struct Gate: Vector<2> => Vector<3> { fc: Dense<3> } }
    ///
    /// let mut model = Model::<Gate>::zeroed();
    /// model.fc.weight[2][0] = 0.5;
    /// let weight = model.fc.weight.matrix::<2, 3>();
    /// assert_eq!(weight[(0, 2)], 0.5);
    /// ```
    ///
    /// Other numbers do not compile.
    fn matrix<const COLUMNS: usize, const ROWS: usize>(
        &self,
    ) -> MatrixView<'_, T, Const<COLUMNS>, Const<ROWS>> {
        const { same::<RowCount, ColumnCount>(ROWS, COLUMNS) };
        MatrixView::from_slice_generic(as_slice(self), Const, Const)
    }

    /// As [`matrix`](Self::matrix), to be written.
    fn matrix_mut<const COLUMNS: usize, const ROWS: usize>(
        &mut self,
    ) -> MatrixViewMut<'_, T, Const<COLUMNS>, Const<ROWS>> {
        const { same::<RowCount, ColumnCount>(ROWS, COLUMNS) };
        MatrixViewMut::from_slice_generic(as_mut_slice(self), Const, Const)
    }
}

/// That plain numbers are those of a parameter.
#[track_caller]
const fn same<RowCount: Dimension, ColumnCount: Dimension>(rows: usize, columns: usize) {
    crate::shape::Check::require(
        rows == RowCount::USIZE && columns == ColumnCount::USIZE,
        "a weight of {}x{}, whose transpose is {}x{}, cannot be seen as `matrix::<{}, {}>()`",
    )
    .number(RowCount::USIZE)
    .number(ColumnCount::USIZE)
    .number(ColumnCount::USIZE)
    .number(RowCount::USIZE)
    .number(columns)
    .number(rows)
    .report_bare();
}

/// A slice as a matrix of `R x C`, row after row.
///
/// # Panics
/// When it is shorter.
#[inline]
#[track_caller]
pub fn rows<R: Dimension, C: Dimension, T: Real>(values: &[T]) -> Transposed<Turned<'_, T, R, C>> {
    assert!(values.len() >= R::USIZE.saturating_mul(C::USIZE), "a matrix of more values");
    // SAFETY: there are as many values as it has.
    Transposed(unsafe {
        MatrixView::from_slice_generic_unchecked(values, 0, Dim::name(), Dim::name())
    })
}

/// As [`rows`], to be written.
///
/// # Panics
/// When it is shorter.
#[inline]
#[track_caller]
pub fn rows_mut<R: Dimension, C: Dimension, T: Real>(
    values: &mut [T],
) -> Transposed<TurnedMut<'_, T, R, C>> {
    assert!(values.len() >= R::USIZE.saturating_mul(C::USIZE), "a matrix of more values");
    // SAFETY: there are as many values as it has.
    Transposed(unsafe {
        MatrixViewMut::from_slice_generic_unchecked(values, 0, Dim::name(), Dim::name())
    })
}

impl<T: Real, R: Dimension, C: Dimension> AsMatrix<T, R, C> for Rows<T, R, C> {}

/// A row for each filter, with its patches of all channels one after the other.
impl<T: Real, F: Dimension, C: Dimension, H: Dimension, W: Dimension>
    AsMatrix<T, F, PatchSize<C, H, W>> for Patches<T, F, C, H, W>
{
}

/// A row for each filter, as of patches one pixel high.
impl<T: Real, F: Dimension, C: Dimension, L: Dimension> AsMatrix<T, F, PatchSize<C, U1, L>>
    for Taps<T, F, C, L>
{
}

/// A parameter that is a vector, seen as a matrix of one column.
pub trait AsVector<T, Len: Dimension> {
    /// `Len x 1`
    fn view(&self) -> Column<'_, T, Len>;
}

impl<T: Real, Len: Dimension> AsVector<T, Len> for Row<T, Len> {
    #[inline]
    fn view(&self) -> Column<'_, T, Len> {
        Column::from_slice_generic(self, Dim::name(), Const)
    }
}

/// Fails to compile for a type that breaks the contract of [`Plain`] in a way that can be seen from
/// outside: by its size or its alignment.
const fn assert_plain<T, P: Plain<T>>() {
    let aligned = align_of::<P>() == align_of::<T>() || P::LEN == 0;
    assert!(size_of::<P>() / size_of::<T>() == P::LEN, "the type is not as long as its `LEN` says");
    assert!(size_of::<P>().is_multiple_of(size_of::<T>()) && aligned, "the type has padding");
}

/// All values of `plain`, in order.
pub fn as_slice<T, P: Plain<T>>(plain: &P) -> &[T] {
    const { assert_plain::<T, P>() };
    if P::LEN == 0 {
        return &[]; // Such a value may lie anywhere, also where no `T` can.
    }
    // SAFETY: by the contract of `Plain` the value is `LEN` values of `T` and nothing else.
    unsafe { core::slice::from_raw_parts(core::ptr::from_ref(plain).cast(), P::LEN) }
}

/// The value that is nothing but these values, in order.
///
/// # Panics
/// If these are more or fewer; in a constant, that is an error of compilation.
pub const fn from_slice<T, P: Plain<T>>(values: &[T]) -> &P {
    const { assert_plain::<T, P>() };
    assert!(values.len() == P::LEN, "as many values as there are in the type");
    // SAFETY: by the contract of `Plain` the value is `LEN` values of `T` and nothing else, with the
    // alignment of `T`; or of none, with that of 1, and then any pointer to nothing will do.
    unsafe { &*values.as_ptr().cast() }
}

/// All values of `plain`, in order, to be written.
pub fn as_mut_slice<T, P: Plain<T>>(plain: &mut P) -> &mut [T] {
    const { assert_plain::<T, P>() };
    if P::LEN == 0 {
        return &mut [];
    }
    // SAFETY: as in `as_slice`, and the borrow is exclusive.
    unsafe { core::slice::from_raw_parts_mut(core::ptr::from_mut(plain).cast(), P::LEN) }
}

/// A value of zeros, made on the heap: however large, it never lies on the stack.
pub fn zeroed<T: Real, P: Plain<T>>() -> Box<P> {
    const { assert_plain::<T, P>() };
    // SAFETY: `P` consists of floats (`Real` is sealed to f32 and f64), for which all bits zero
    // is the number zero.
    unsafe { Box::new_zeroed().assume_init() }
}

// SAFETY: no values at all, alignment 1.
unsafe impl<T> Plain<T> for () {
    const LEN: usize = 0;
    fn tensors(_: &mut TensorVisitor<'_>) {}
}

macro_rules! plain_array {
    ($name:ident<$($dim:ident),*>) => {
        // SAFETY: a `GenericArray` is laid out like an array, also of arrays.
        unsafe impl<T: Real, $($dim: ArrayLength),*> Plain<T> for $name<T, $($dim),*> {
            const LEN: usize = 1_usize$(.saturating_mul($dim::USIZE))*;

            fn tensors(visit: &mut TensorVisitor<'_>) {
                // What has no values is not there: the bias of a layer without one.
                if <Self as Plain<T>>::LEN > 0 {
                    visit.tensor(&[$($dim::USIZE),*]);
                }
            }
        }
    };
}

plain_array!(Row<Len>);
plain_array!(Rows<RowCount, ColumnCount>);
plain_array!(Taps<Filters, Channels, Length>);
plain_array!(Patches<Filters, Channels, Height, Width>);

// SAFETY: a `repr(transparent)` run, and nothing else of any size.
unsafe impl<T: Real, Len: Dimension, C: Dimension, H: Dimension, W: Dimension> Plain<T>
    for Map<T, Len, C, H, W>
{
    const LEN: usize = <Row<T, Len> as Plain<T>>::LEN;

    fn tensors(visit: &mut TensorVisitor<'_>) {
        match [C::USIZE, H::USIZE, W::USIZE] {
            _ if Len::USIZE == 0 => {}
            [channels, 1, 1] => visit.tensor(&[channels]),
            [channels, 1, width] => visit.tensor(&[channels, width]),
            dims => visit.tensor(&dims),
        }
    }
}

// SAFETY: a `repr(C)` pair of runs, each a multiple of `T` long, without padding between.
unsafe impl<T: Real, A: Plain<T>, B: Plain<T>> Plain<T> for Pair<A, B> {
    const LEN: usize = A::LEN.saturating_add(B::LEN);

    fn tensors(visit: &mut TensorVisitor<'_>) {
        visit.numbered::<T, A>();
        B::tensors(visit);
    }
}

/// Two runs, one after the other. The first has the name `0`; where the rest is a pair again, its
/// first has the name `1`, and so on.
#[repr(C)]
#[derive(Clone, Debug, Default)]
pub struct Pair<A, B> {
    /// The first one.
    pub first: A,
    /// What follows.
    pub rest: B,
}

/// Declares the parameters of a layer: a struct of arrays that is a [`Plain`] run of floats.
///
/// ```
/// use formwork::layer::{Row, Rows};
///
/// formwork::params! {
///     /// The parameters of an affine map.
///     pub struct AffineParams<Outputs, Inputs> {
///         /// `Outputs x Inputs`.
///         pub weight: Rows<T, Outputs, Inputs>,
///         /// `Outputs`.
///         pub bias: Row<T, Outputs>,
///     }
/// }
/// ```
///
/// A struct of the parameters of other layers names a type for each: `pub struct BothParams { pub conv:
/// Conv, pub out: Out, }` is a `BothParams<Conv, Out>`.
///
/// The scalar `T` is the struct's last parameter. Documentation is the only attribute that it or a
/// field may have: another could change the layout, or take a field away that is counted.
///
/// ```compile_fail
/// use formwork::layer::Row;
///
/// formwork::params! {
///     pub struct Scales<Size> {
///         #[cfg(any())] // no rules expected the token
///         pub scale: Row<T, Size>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! params {
    ($(#[doc = $doc:expr])* $vis:vis struct $name:ident {
        $($(#[doc = $field_doc:expr])* $field_vis:vis $field:ident: $part:ident,)*
    }) => {
        $(#[doc = $doc])*
        #[repr(C)]
        #[derive(Clone, Debug)]
        $vis struct $name<$($part),*> {
            $($(#[doc = $field_doc])* $field_vis $field: $part,)*
        }

        // SAFETY: `repr(C)`, and each field is a plain run of `T`, so there is no padding.
        unsafe impl<T: $crate::kernel::Real, $($part: $crate::layer::Plain<T>),*>
            $crate::layer::Plain<T> for $name<$($part),*>
        {
            const LEN: usize = 0usize$(.saturating_add($part::LEN))*;

            fn tensors(visit: &mut $crate::layer::TensorVisitor<'_>) {
                $(visit.field::<T, $part>(::core::stringify!($field));)*
            }
        }
    };
    ($(#[doc = $doc:expr])* $vis:vis struct $name:ident<$($dim:ident),* $(,)?> {
        $($(#[doc = $field_doc:expr])* $field_vis:vis $field:ident: $ty:ident<T $(, $arg:ident)*>,)*
    }) => {
        $(#[doc = $doc])*
        #[repr(C)]
        #[derive(Clone, Debug)]
        $vis struct $name<$($dim: $crate::shape::Dimension,)* T: $crate::kernel::Real> {
            $($(#[doc = $field_doc])* $field_vis $field: $ty<T $(, $arg)*>,)*
        }

        // SAFETY: `repr(C)`, and each field is a plain run of `T`, so there is no padding.
        unsafe impl<$($dim: $crate::shape::Dimension,)* T: $crate::kernel::Real>
            $crate::layer::Plain<T> for $name<$($dim,)* T>
        {
            const LEN: usize = 0usize
                $(.saturating_add(<$ty<T $(, $arg)*> as $crate::layer::Plain<T>>::LEN))*;

            fn tensors(visit: &mut $crate::layer::TensorVisitor<'_>) {
                $(visit.field::<T, $ty<T $(, $arg)*>>(::core::stringify!($field));)*
            }
        }
    };
}
