//! The words that `neurona predict` shows around the numbers.

neurona::messages! {
    pub(super) fn title(name: &str, shape: &str) {
        en: "{name} ({shape})",
        es: "{name} ({shape})",
    }

    pub(super) fn more_rows(count: usize) {
        en: "… and {count} rows more: --output y.npy writes all of them",
        es: "… y {count} filas más: --output y.npy las escribe todas",
    }

    pub(super) fn more_numbers(count: usize) {
        en: "… {count} more",
        es: "… {count} más",
    }
}
