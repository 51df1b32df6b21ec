//! Files that a bundle mentions: items, neighbours, vectors, what was learned.

use crate::failure::Failure;
use npyz::{DType, NpyFile, Order, TypeChar};
use serde_json::Value as Json;
use slotwise::bundle::files::without_mark;
use slotwise::bundle::model;
use slotwise::{Files, Matrix};
use std::fs;
use std::path::Path;

/// Reads what a document mentions, from the folder that it lies in. A file that is not there is left to be reported where it is mentioned.
pub(crate) fn beside(document: &Json, folder: &Path) -> Result<Files, Failure> {
    let mut files = Files::default();
    let mut mentioned = Files::mentioned(document);
    if let Some(model) = document.pointer("/catalog/model").and_then(Json::as_str)
        && let Ok(text) = fs::read(folder.join(model))
        && let Ok(content) = serde_json::from_slice(without_mark(&text))
    {
        mentioned.extend(model::mentioned(model, &content));
    }
    for (name, holds_rows) in mentioned {
        let path = folder.join(&name);
        if !path.exists() {
            continue;
        }
        if holds_rows {
            files.insert_matrix(name, read_rows(&path)?);
        } else {
            files.insert(name, read(&path)?);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())).help("check the path"))
}

/// Reads the rows of a NumPy file of floats or doubles.
pub(crate) fn read_rows(path: &Path) -> Result<Matrix, Failure> {
    rows(&read(path)?).map_err(|(error, help)| Failure::new(format!("{}: {error}", path.display())).help(help))
}

/// What is wrong with a file of vectors, and what to do about it.
type Unreadable = (String, &'static str);

/// The rows of a NumPy file of floats or doubles.
fn rows(bytes: &[u8]) -> Result<Matrix, Unreadable> {
    let is_none = |error| (format!("this is no NumPy file: {error}"), "write it with numpy.save");
    let ends_early = || ("the file ends too early".to_owned(), "save it again");
    let file = NpyFile::new(bytes).map_err(is_none)?;
    let &[rows, columns] = file.shape() else {
        let message = format!("this is an array of {} dimensions, not of two", file.shape().len());
        return Err((message, "save one row an item"));
    };
    if file.order() != Order::C {
        return Err(("its rows do not lie one after the other".to_owned(), "save numpy.ascontiguousarray(vectors)"));
    }
    let size = match file.dtype() {
        DType::Plain(kind) if kind.type_char() == TypeChar::Float => kind.num_bytes(),
        _ => None,
    };
    let columns = usize::try_from(columns).unwrap_or(usize::MAX);
    let expected = usize::try_from(rows).unwrap_or(usize::MAX).checked_mul(columns);
    // A header that promises more than there is would ask for the memory first.
    if expected.and_then(|numbers| numbers.checked_mul(size.unwrap_or(0))).is_none_or(|needed| needed > bytes.len()) {
        return Err(ends_early());
    }
    let numbers: Result<Vec<f32>, _> = match size {
        Some(4) => file.into_vec(),
        #[expect(clippy::cast_possible_truncation, reason = "vectors are floats")]
        Some(8) => file.into_vec::<f64>().map(|numbers| numbers.into_iter().map(|number| number as f32).collect()),
        _ => {
            return Err(("its numbers are no floats of 4 or 8 bytes".to_owned(), "save vectors.astype(\"float32\")"));
        }
    };
    Ok(Matrix { columns, numbers: numbers.map_err(|_| ends_early())? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as the NumPy format's own documentation lays it out.
    fn npy(kind: &str, order: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}");
        let padded = format!("{header:<117}\n");
        let length = u16::try_from(padded.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\x00".as_slice(), &length, padded.as_bytes(), numbers].concat()
    }

    fn floats(numbers: &[f32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    #[test]
    fn floats_and_doubles_are_read() {
        let expected = Matrix { columns: 2, numbers: vec![1.0, 2.5, -3.0, 0.0] };
        assert_eq!(rows(&npy("<f4", "False", "(2, 2)", &floats(&expected.numbers))), Ok(expected.clone()));
        let doubles: Vec<u8> = expected.numbers.iter().flat_map(|number| f64::from(*number).to_le_bytes()).collect();
        assert_eq!(rows(&npy("<f8", "False", "(2, 2)", &doubles)), Ok(expected.clone()));
        let backwards: Vec<u8> = expected.numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        assert_eq!(rows(&npy(">f4", "False", "(2, 2)", &backwards)), Ok(expected));
    }

    #[test]
    fn what_is_no_matrix_of_floats_is_refused_with_what_to_do() {
        for (file, message, help) in [
            (npy("<f4", "False", "(4,)", &floats(&[0.0; 4])), "1 dimensions", "one row an item"),
            (npy("<f4", "True", "(2, 2)", &floats(&[0.0; 4])), "one after the other", "ascontiguousarray"),
            (npy("<i8", "False", "(1, 1)", &[0; 8]), "no floats", "float32"),
            (npy("<f2", "False", "(1, 1)", &[0; 2]), "no floats", "float32"),
            (npy("<f4", "False", "(2, 2)", &floats(&[0.0; 3])), "too early", "again"),
            (npy("<f4", "False", "(4000000000, 4000000000)", &[]), "too early", "again"),
            (b"id,vector\n".to_vec(), "no NumPy file", "numpy.save"),
        ] {
            let (found, told) = rows(&file).unwrap_err();
            assert!(found.contains(message) && told.contains(help), "{found}, {told}: not {message}, {help}");
        }
    }
}
