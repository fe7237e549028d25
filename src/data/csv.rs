//! Tables of numbers, separated by commas.
//!
//! Strict on purpose: as many fields in each row, every field a finite number. A first row in which
//! no field is a number names the columns. Fields may stand in quotes, which begin where the field
//! does, with commas, line ends and doubled quotes within. Blanks around fields and empty lines at
//! the end do not count; gzipped files are recognised by their content. Lines and columns in errors
//! count from one, as editors do.
//!
//! A line has at most [`LONGEST_LINE`] bytes. Gzipped content has at most [`LARGEST_EXPANSION`]
//! times the bytes that it is gzipped to, unless it has no more than [`ALWAYS_EXPANDED`].

use std::io::Read;
use std::path::Path;

use super::batch::Batch;
use super::content::ContentError;
use super::dataset::Dataset;
use super::load::{LoadError, decompressed, open};
use super::target::{Classes, Values};
use crate::files::{excerpt, text};
use crate::shape::Sample;
use ::csv::{Reader, ReaderBuilder, StringRecord, Terminator};

pub use super::content::CsvError;
pub use super::load::{ALWAYS_EXPANDED, LARGEST_EXPANSION};
pub use crate::files::LONGEST_LINE;

/// One column of a table: by its name, or by its index from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column<'a> {
    /// By its name in the first line.
    Name(&'a str),
    /// By its index from zero.
    Index(usize),
}

impl<'a> From<&'a str> for Column<'a> {
    fn from(name: &'a str) -> Self {
        Column::Name(name)
    }
}

impl From<usize> for Column<'_> {
    fn from(index: usize) -> Self {
        Column::Index(index)
    }
}

/// A table of finite numbers.
///
/// ```
/// use formwork::data::csv::Table;
/// use formwork::data::{Classes, Dataset, Grid};
///
/// let table = Table::parse(b"width,height,kind\n1.5,2,0\n0.5,3,1\n")?;
/// let shapes: Dataset<Grid<2>, Classes<2>> = table.classes("kind")?;
/// assert_eq!(shapes.inputs().column(1), [0.5, 3.0]);
/// assert_eq!(shapes.class_counts(), [1, 1]);
///
/// let error = Table::parse(b"1,2\n3,x\n").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 2: found `x`, expected a finite number");
/// # Ok::<(), formwork::data::ContentError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    names: Option<Vec<String>>,
    columns: usize,
    numbers: Vec<f64>,
    /// Where each row begins, from one.
    lines: Vec<usize>,
}

impl Table {
    /// Reads the file at `path`, plain or gzipped.
    ///
    /// # Errors
    /// [`LoadError::File`] where it cannot be read or is no table of numbers.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        open(path.as_ref(), Self::read)
    }

    /// Reads a table from bytes, plain or gzipped.
    ///
    /// # Errors
    /// [`ContentError`] where they are no table of numbers.
    pub fn parse(bytes: &[u8]) -> Result<Self, ContentError> {
        Self::read(&mut decompressed(bytes, bytes.len() as u64)?)
    }

    pub(super) fn read(content: &mut dyn Read) -> Result<Self, ContentError> {
        Ok(Self::from_text(text(content)?.trim_ascii_end())?)
    }

    fn from_text(text: &[u8]) -> Result<Self, CsvError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            // What Windows has before it is trimmed with the blanks.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(text);
        let mut row = StringRecord::new();
        let mut table = Table { names: None, columns: 0, numbers: Vec::new(), lines: Vec::new() };
        while let Some(line) = next(&mut reader, &mut row, text)? {
            if table.columns == 0 {
                table.columns = row.len();
                if row.iter().all(|field| field.trim().parse::<f64>().is_err()) {
                    table.names = Some(row.iter().map(|name| name.trim().to_owned()).collect());
                    continue;
                }
            }
            let (expected, found) = (table.columns, row.len());
            if found != expected {
                return Err(CsvError::Fields { line, expected, found });
            }
            for (field, column) in row.iter().map(str::trim).zip(1..) {
                let number = field.parse().ok().filter(|number: &f64| number.is_finite());
                table.numbers.push(number.ok_or_else(|| CsvError::Field {
                    line,
                    column,
                    found: excerpt(field),
                    expected: "a finite number".to_owned(),
                })?);
            }
            table.lines.push(line);
        }
        if table.numbers.is_empty() {
            return Err(CsvError::Empty);
        }
        Ok(table)
    }

    /// The names of the columns, where the first line gives them.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The rows in their order, each a slice of as many numbers as there are columns.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.numbers.chunks_exact(self.columns)
    }

    /// The class ids in one column as targets, all other columns as inputs.
    ///
    /// # Errors
    /// [`CsvError::Column`] where there is no such column, [`CsvError::Width`] where the others do
    /// not make a sample, [`CsvError::Field`] for a number that is not the id of a class.
    pub fn classes<'a, S, const N: usize>(
        &self,
        target: impl Into<Column<'a>>,
    ) -> Result<Dataset<S, Classes<N>>, ContentError>
    where
        S: Sample<Element<f32> = f32>,
    {
        let target = self.find(target.into())?;
        let inputs = self.beside::<S>(&[target])?;
        let ids = self.integers(target, 0, N as u32 - 1)?;
        Ok(Dataset::new(inputs, Batch::from_vec(ids)?)?)
    }

    /// The numbers in `N` columns as targets, all other columns as inputs.
    ///
    /// # Errors
    /// [`CsvError::Column`] where there is no such column, [`CsvError::Width`] where the others do
    /// not make a sample.
    ///
    /// ```
    /// use formwork::data::csv::Table;
    /// use formwork::data::{Dataset, Grid, Values};
    ///
    /// let table = Table::parse(b"1,10,100\n2,20,200\n")?;
    /// let data: Dataset<Grid<1>, Values<2>> = table.values([2, 0])?;
    /// assert_eq!(data.get(1), Some((&[20.0][..], &[200.0, 2.0][..])));
    /// # Ok::<(), formwork::data::ContentError>(())
    /// ```
    pub fn values<'a, S, const N: usize>(
        &self,
        targets: [impl Into<Column<'a>>; N],
    ) -> Result<Dataset<S, Values<N>>, ContentError>
    where
        S: Sample<Element<f32> = f32>,
    {
        let mut indices = [0; N];
        for (index, target) in indices.iter_mut().zip(targets) {
            *index = self.find(target.into())?;
        }
        let inputs = self.beside::<S>(&indices)?;
        let values = self.rows().flat_map(|row| indices.map(|index| row[index] as f32));
        Ok(Dataset::new(inputs, Batch::from_vec(values.collect())?)?)
    }

    /// One column as integers, each within `low..=high`.
    pub(super) fn integers(
        &self,
        column: usize,
        low: u32,
        high: u32,
    ) -> Result<Vec<u32>, CsvError> {
        let integer = |(row, &line): (&[f64], &usize)| {
            let number = row[column];
            if number.fract() == 0.0 && (f64::from(low)..=f64::from(high)).contains(&number) {
                return Ok(number as u32);
            }
            Err(CsvError::Field {
                line,
                column: column + 1,
                found: number.to_string(),
                expected: format!("an integer from {low} to {high}"),
            })
        };
        self.rows().zip(&self.lines).map(integer).collect()
    }

    /// The index of a column.
    fn find(&self, column: Column<'_>) -> Result<usize, CsvError> {
        let found = match (column, &self.names) {
            (Column::Index(index), _) => (index < self.columns).then_some(index),
            (Column::Name(wanted), Some(names)) => names.iter().position(|name| name == wanted),
            (Column::Name(_), None) => None,
        };
        found.ok_or_else(|| CsvError::Column {
            wanted: match column {
                Column::Name(name) => format!("`{name}`"),
                Column::Index(index) => format!("at index {index}"),
            },
            present: match &self.names {
                Some(names) => format!("its columns are {}", list(names)),
                None => format!("its {} columns have no names, only indices", self.columns),
            },
        })
    }

    /// All columns but the targets, as samples.
    fn beside<S>(&self, targets: &[usize]) -> Result<Batch<S>, ContentError>
    where
        S: Sample<Element<f32> = f32>,
    {
        let others: Vec<_> = (0..self.columns).filter(|index| !targets.contains(index)).collect();
        let found = others.len();
        if found != S::SIZE {
            return Err(CsvError::Width { dims: S::DIMS, expected: S::SIZE, found }.into());
        }
        let inputs = self.rows().flat_map(|row| others.iter().map(|&index| row[index] as f32));
        Ok(Batch::from_vec(inputs.collect())?)
    }
}

/// Reads the next row, and tells the line that it begins at.
fn next(
    reader: &mut Reader<&[u8]>,
    row: &mut StringRecord,
    text: &[u8],
) -> Result<Option<usize>, CsvError> {
    let start = reader.position().clone();
    let line = start.line() as usize;
    let rest = &text[start.byte() as usize..];
    let blank = rest.iter().take_while(|&&byte| byte == b'\n').count();
    // The crate passes over empty lines. Between rows they are rows of an empty field.
    if blank > 0 && start.record() > 0 {
        *row = StringRecord::from(vec![""]);
        return Ok(Some(line));
    }
    match reader.read_record(row) {
        Ok(found) => Ok(found.then_some(line + blank)),
        Err(_) => Err(CsvError::Encoding { line: line + blank }),
    }
}

/// The first few names.
fn list(names: &[String]) -> String {
    const FEW: usize = 12;
    let mut list = names.iter().take(FEW).map(|name| excerpt(name)).collect::<Vec<_>>().join(", ");
    if names.len() > FEW {
        list.push_str(&format!(" and {} more", names.len() - FEW));
    }
    list
}
