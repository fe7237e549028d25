//! Everything that reads a file.

use crate::mutate;
use formwork::data::csv::Table;
use formwork::data::{digits, idx, ptb};
use formwork::io::Names;
use formwork::optim::Adam;
use formwork::prelude::*;
use formwork::train::Trainer;
use formwork::words::WordVectors;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::path::PathBuf;

pub struct Loader {
    pub name: &'static str,
    /// How many of all inputs are for it, in proportion.
    pub share: u32,
    /// Sound files.
    pub originals: fn() -> Vec<Vec<u8>>,
    pub mutate: fn(&[u8], &mut Xoshiro256PlusPlus) -> Vec<u8>,
    /// Whether it is accepted; what is must be sound.
    pub load: fn(&[u8]) -> Result<(), String>,
}

macro_rules! loaders {
    ($($share:literal $name:literal: $originals:ident, $mutate:ident, $load:expr;)*) => {
        pub const LOADERS: &[Loader] = &[$(Loader {
            name: $name,
            share: $share,
            originals: $originals,
            mutate: mutate::$mutate,
            load: $load,
        }),*];
    };
}

loaders! {
    30 "a model": models, safetensors, model::<f32>;
    10 "a model in double precision": models, safetensors, model::<f64>;
    2 "a file of a model": models, safetensors, file_of_a_model;
    1 "a checkpoint": checkpoints, safetensors, checkpoint;
    20 "word vectors": vectors, safetensors, |bytes| sound(WordVectors::from_bytes(bytes));
    20 "word vectors as text": texts, bytes, |bytes| {
        sound(WordVectors::from_text(&String::from_utf8_lossy(bytes)))
    };
    1 "a file of word vectors as text": texts, bytes, |bytes| {
        sound(WordVectors::load_text(written("words.txt", bytes)))
    };
    20 "word vectors of word2vec": binaries, bytes, |bytes| sound(WordVectors::from_word2vec(bytes));
    30 "CSV": tables, bytes, table;
    10 "gzipped CSV": tables, gzip, table;
    30 "IDX": arrays, bytes, arrays_of_all;
    10 "gzipped IDX": arrays, gzip, arrays_of_all;
    6 "digits": of_digits, bytes, |bytes| {
        let digits = digits::parse(bytes).map_err(|error| error.to_string())?;
        assert!(digits.inputs().data().iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        Ok(())
    };
    1 "the Penn Treebank": treebanks, bytes, treebank;
    10 "a part of a model": models, safetensors, part_of_a_model;
}

network! {
    /// Parameters and statistics.
    pub struct Net: Vector<2> => Vector<2> { fc1: Dense<3>, bn1: BatchNorm, Relu, fc2: Dense<2> }
}

fn trained<T: formwork::kernel::Real>() -> Model<Net, T> {
    Model::new(&mut Generator::seed_from_u64(1))
}

fn models() -> Vec<Vec<u8>> {
    vec![trained::<f32>().to_bytes().unwrap(), trained::<f64>().to_bytes().unwrap()]
}

fn check<T: formwork::kernel::Real>(model: &Model<Net, T>) {
    let numbers = model.parameters().iter().chain(model.statistics());
    assert!(numbers.copied().all(|number| number.to_f64().is_finite()));
    let variances = &model.statistics()[3..];
    assert!(variances.iter().all(|variance| variance.to_f64() >= 0.0));
}

fn model<T: formwork::kernel::Real>(bytes: &[u8]) -> Result<(), String> {
    let model = Model::<Net, T>::from_bytes(bytes).map_err(|error| error.to_string())?;
    check(&model);
    let again = Model::<Net, T>::from_bytes(&model.to_bytes().unwrap()).unwrap();
    assert_eq!(again.parameters(), model.parameters());
    Ok(())
}

/// Some tensors missing or too many.
fn part_of_a_model(bytes: &[u8]) -> Result<(), String> {
    let names = Names::new().allow_missing().allow_surplus();
    let (mut model, before) = (trained::<f32>(), trained::<f32>());
    let loaded = model.load_bytes_with(bytes, &names);
    check(&model);
    assert!(loaded.is_ok() || model.parameters() == before.parameters());
    loaded.map(|_| ()).map_err(|error| error.to_string())
}

/// A file of these bytes.
fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
    // A new one is fast: file systems see to it at once that what stands in for another is on disk.
    let _ = std::fs::remove_file(&path);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// As from bytes. Of two tensors in one place, either may be the one in the message.
fn file_of_a_model(bytes: &[u8]) -> Result<(), String> {
    let loaded = Model::<Net>::load(written("net.safetensors", bytes)).map_err(|error| error.error);
    let parsed = Model::<Net>::from_bytes(bytes);
    let loaded = loaded.map(|model| check(&model)).map_err(|error| error.to_string());
    assert_eq!(loaded.is_ok(), parsed.is_ok());
    loaded
}

fn data() -> formwork::data::toy::Plane {
    let mut rng = Generator::seed_from_u64(5);
    formwork::data::toy::two_moons(4, 0.1, &mut rng).unwrap()
}

/// A run of one epoch that writes a checkpoint, or goes on from one.
fn fit(resume: Option<PathBuf>, checkpoint: Option<PathBuf>) -> Result<(), String> {
    let data = data();
    let mut trainer = Trainer::new(Adam::new(0.1)).epochs(1).batch_size(4).record_steps().silent();
    trainer = match resume {
        Some(path) => trainer.resume(path),
        None => trainer,
    };
    trainer = match checkpoint {
        Some(path) => trainer.checkpoint(path),
        None => trainer,
    };
    let mut model = trained::<f32>();
    let mut rng = Generator::seed_from_u64(5);
    let outcome = trainer.fit(&mut model, &SoftmaxCrossEntropy::default(), &data, &mut rng);
    check(&model);
    outcome.map(|_| ()).map_err(|error| error.to_string())
}

fn checkpoints() -> Vec<Vec<u8>> {
    let path = written("checkpoint.safetensors", b"");
    fit(None, Some(path.clone())).unwrap();
    vec![std::fs::read(path).unwrap()]
}

fn checkpoint(bytes: &[u8]) -> Result<(), String> {
    fit(Some(written("resume.safetensors", bytes)), None)
}

const TEXTS: [&str; 3] = [
    "3 2\nhello 1 -0.5\nw\u{f6}rld 0 3e-2\n</s> 7 8\n",
    "hello 1 -0.5\nw\u{f6}rld 0 3e-2\n",
    "2 1\na\t1 \r\n\u{3000} 2\r\n",
];

fn texts() -> Vec<Vec<u8>> {
    TEXTS.map(|text| text.as_bytes().to_vec()).to_vec()
}

fn vectors() -> Vec<Vec<u8>> {
    TEXTS.map(|text| WordVectors::from_text(text).unwrap().to_bytes().unwrap()).to_vec()
}

fn binaries() -> Vec<Vec<u8>> {
    let numbers = [0, 0, 128, 63, 205, 204, 76, 190];
    let vector = |word: &[u8], end: &[u8]| [word, b" ", &numbers, end].concat();
    let file = |end| [b"2 2\n".to_vec(), vector(b"hello", end), vector(b"</s>", end)].concat();
    vec![file(b"\n"), file(b"")]
}

fn sound(vectors: Result<WordVectors, formwork::words::WordsError>) -> Result<(), String> {
    let vectors = vectors.map_err(|error| error.to_string())?;
    assert_eq!(vectors.as_slice().len(), vectors.vocabulary().len() * vectors.dimensions());
    assert!(vectors.as_slice().iter().all(|number| number.is_finite()));
    // What can be written reads back as it was.
    if let Ok(text) = vectors.to_text() {
        assert_eq!(WordVectors::from_text(&text).unwrap(), vectors);
    }
    if let Ok(bytes) = vectors.to_bytes() {
        assert_eq!(WordVectors::from_bytes(&bytes).unwrap(), vectors);
    }
    Ok(())
}

fn tables() -> Vec<Vec<u8>> {
    let plain = "1,-2.5,3e2\n+4,5,0.25\n7,8,9\n";
    let named = "\u{feff}\"a, \"\"b\"\"\",width,kind\r\n\"1\",\" 2 \",3\r\n4,\"5\n\",6\r\n";
    [plain, named].map(|text| text.as_bytes().to_vec()).to_vec()
}

fn table(bytes: &[u8]) -> Result<(), String> {
    let table = Table::parse(bytes).map_err(|error| error.to_string())?;
    assert!(table.rows().len() > 0);
    assert!(table.rows().all(|row| row.len() == table.columns()));
    assert!(table.rows().flatten().all(|number| number.is_finite()));
    Ok(())
}

fn arrays() -> Vec<Vec<u8>> {
    let bytes = [&[0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3][..], &[1, 2, 3, 4, 5, 6]].concat();
    let floats = [&[0, 0, 13, 1, 0, 0, 0, 2][..], &[63, 128, 0, 0, 191, 0, 0, 0]].concat();
    vec![bytes, floats]
}

fn arrays_of_all(bytes: &[u8]) -> Result<(), String> {
    let bytes_of =
        idx::parse::<u8>(bytes).map(|array| (array.dims().to_vec(), array.into_vec().len()));
    let array = bytes_of.or_else(|_| {
        idx::parse::<f32>(bytes).map(|array| (array.dims().to_vec(), array.into_vec().len()))
    });
    let (dims, length) = array.map_err(|error| error.to_string())?;
    assert_eq!(dims.iter().product::<usize>(), length);
    Ok(())
}

fn of_digits() -> Vec<Vec<u8>> {
    let digit = |label: usize| {
        let pixels: Vec<_> = (0..64).map(|pixel| (pixel * label % 17).to_string()).collect();
        format!("{},{label}\n", pixels.join(","))
    };
    vec![[digit(3), digit(9)].concat().into_bytes()]
}

fn treebanks() -> Vec<Vec<u8>> {
    vec![b" a b \n c <unk> \n".to_vec()]
}

/// A text to train on, whose words the others have.
fn treebank(bytes: &[u8]) -> Result<(), String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz-treebank");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in [("train", bytes), ("valid", b" a c \n"), ("test", b" b \n")] {
        written(&format!("treebank/ptb.{name}.txt"), text);
    }
    let corpus = ptb::load(folder).map_err(|error| error.to_string())?;
    assert!(corpus.train.iter().all(|&id| (id as usize) < corpus.vocabulary.len()));
    assert_eq!((corpus.valid.len(), corpus.test.len()), (3, 2));
    Ok(())
}
