use formwork::data::{Batch, Classes, DataError, Grid, IGNORED, Sample, Values};

#[test]
fn a_sample_knows_its_dimensions() {
    assert_eq!((Grid::<3, 4, 5>::DIMS, Grid::<3, 4, 5>::SIZE), ([3, 4, 5], 60));
    assert_eq!((Grid::<7>::DIMS, Grid::<7>::SIZE), ([7, 1, 1], 7));
    assert_eq!((Values::<2>::DIMS, Values::<2>::SIZE), ([2, 1, 1], 2));
    assert_eq!((Classes::<9>::DIMS, Classes::<9>::SIZE), ([1, 1, 1], 1));
    assert_eq!((Classes::<9>::LIMIT, Grid::<9>::LIMIT), (Some(9), None));
}

#[test]
fn columns_follow_one_another() {
    let batch = Batch::<Grid<1, 2, 2>>::from_vec((0..12).map(|x| x as f32).collect()).unwrap();
    assert_eq!(batch.columns(), 3);
    assert_eq!(batch.column(2), [8.0, 9.0, 10.0, 11.0]);
    assert_eq!(batch.iter().map(|column| column[1]).collect::<Vec<_>>(), [1.0, 5.0, 9.0]);
    let matrix = batch.matrix::<4>();
    assert_eq!((matrix.shape(), matrix[(3, 1)]), ((4, 3), 7.0));
    assert_eq!(batch.dynamic_matrix(), matrix);
    assert_eq!(batch.clone().into_vec(), batch.data());
    assert_eq!(batch, Batch::from_rows(&batch).unwrap());
}

#[test]
fn a_batch_in_double_precision() {
    let mut batch = Batch::<Grid<2>, f64>::from_rows([[0.1, 0.2]]).unwrap();
    batch.data_mut()[1] = 0.3;
    assert_eq!(batch.data(), [0.1, 0.3]);
    // Ids stay integers whatever a network calculates in.
    assert_eq!(Batch::<Classes<3>, f64>::from_vec(vec![2]).unwrap().data(), [2_u32]);
}

#[test]
fn incomplete_samples_are_refused() {
    let error = Batch::<Grid<3, 2, 2>>::from_vec(vec![0.0; 25]).unwrap_err();
    assert_eq!(error, DataError::Length { dims: [3, 2, 2], found: 25 });
    assert_eq!(
        error.to_string(),
        "found 25 numbers, expected a multiple of 12 for samples of 3x2x2"
    );

    let error = Batch::<Grid<2>>::from_rows([vec![1.0, 2.0], vec![3.0]]).unwrap_err();
    assert_eq!(error.to_string(), "sample 1 has 1 numbers, expected 2 for a sample of 2x1x1");
}

#[test]
fn ids_are_below_their_limit() {
    assert!(Batch::<Classes<3>>::from_vec(vec![0, 1, 2]).is_ok());
    let error = Batch::<Classes<3>>::from_vec(vec![0, 1, 2, 3]).unwrap_err();
    assert_eq!(error.to_string(), "sample 3 has the id 3, expected an id below 3");
    let error = Batch::<Classes<3>>::from_vec(vec![u32::MAX - 1]).unwrap_err();
    assert_eq!(error, DataError::Id { sample: 0, id: u32::MAX - 1, limit: 3 });

    let mut batch = Batch::<Classes<3>>::from_vec(vec![1]).unwrap();
    let error = batch.push(&[7]).unwrap_err();
    assert_eq!(error, DataError::Id { sample: 1, id: 7, limit: 3 });
    assert_eq!(batch.data(), [1]);
}

#[test]
fn classes_have_an_id_for_no_answer() {
    let mut batch = Batch::<Classes<3>>::from_vec(vec![IGNORED, 2]).unwrap();
    batch.push(&[IGNORED]).unwrap();
    assert_eq!(batch.data(), [u32::MAX, 2, u32::MAX]);
    assert_eq!((batch.columns(), batch.answered()), (3, 1));
}

#[test]
fn gathering_reuses_memory() {
    let source = Batch::<Grid<2>>::from_rows([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]).unwrap();
    let mut batch = Batch::with_capacity(3);
    let memory = batch.data().as_ptr();
    batch.gather(&source, &[2, 0, 2]);
    assert_eq!(batch.data(), [4.0, 5.0, 0.0, 1.0, 4.0, 5.0]);
    batch.gather(&source, &[1]);
    assert_eq!(batch.data(), [2.0, 3.0]);
    batch.clear();
    assert!(batch.is_empty());
    assert_eq!(batch.data().as_ptr(), memory);
}

#[test]
#[should_panic(expected = "column 3 of a batch of 3")]
fn gathering_beyond_the_end_panics() {
    let source = Batch::<Grid<1>>::from_vec(vec![0.0; 3]).unwrap();
    Batch::new().gather(&source, &[0, 3]);
}
