//! Two trainings that use everything a run has to keep, and everything they leave behind: for the
//! tests of runs.

use ndarray::{Array1, Array2, Array4};
use neurona::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Dense layers, sample weights, a schedule, early stopping that restores the best weights.
    Mlp,
    /// Convolutions on pictures that are changed at random, rates set by callbacks, moving averages
    /// of the weights.
    Cnn,
}

impl Kind {
    /// Both.
    pub(crate) const ALL: [Kind; 2] = [Kind::Mlp, Kind::Cnn];

    /// Trains a new model in a folder: the run itself in `run`, files of callbacks beside it. `watch` hears of
    /// everything.
    pub(crate) fn train(
        self,
        threads: usize,
        folder: &Path,
        set: impl FnOnce(Run) -> Run,
        watch: impl FnMut(&Event<'_>) -> std::ops::ControlFlow<()> + Send,
    ) -> Result<Outcome> {
        let run = set(Run::new(folder.join("run")).resume(true));
        let best = ModelCheckpoint::new(folder.join("best.safetensors")).save_best_only(true);
        let best = best.monitor("val_accuracy");
        let csv = CsvLogger::new(folder.join("log.csv"));
        let fit = |epochs| Fit::epochs(epochs).verbose(Verbose::Silent).run(run);
        let mut model = self.model(threads);
        let history = match self {
            Kind::Mlp => {
                let (x, y) = table(203);
                let (x_val, y_val) = table(57);
                let weights: Array1<f32> = (0..203).map(|i| 0.5 + (i % 4) as f32).collect();
                let stop =
                    EarlyStopping::new("val_accuracy").patience(3).restore_best_weights(true);
                let fit = fit(8).batch_size(16).sample_weight(&weights);
                let fit = fit.validation_data(&x_val, &y_val).callback(stop).callback(best);
                model.fit(&x, &y, fit.callback(csv).callback(watch))?
            }
            Kind::Cnn => {
                let (x, y) = pictures(75);
                let slower =
                    ReduceLrOnPlateau::new("val_loss").factor(0.5).patience(0).min_delta(0.2);
                let warm = LearningRateScheduler::new(
                    |epoch, rate| if epoch < 2 { rate * 1.5 } else { rate },
                );
                let fit = fit(4).batch_size(8).validation_split(0.2);
                let fit = fit.callback(warm).callback(slower).callback(best).callback(csv);
                model.fit(&x, &y, fit.callback(watch))?
            }
        };
        Ok(Outcome::of(&mut model, history, folder))
    }

    fn model(self, threads: usize) -> Sequential {
        let loss = SparseCategoricalCrossentropy::default();
        match self {
            Kind::Mlp => {
                let mut model = Sequential::new([8])
                    .threads(threads)
                    .seed(3)
                    .add(Dense::new(24).activation(Tanh))
                    .add(BatchNormalization::default())
                    .add(Dropout::new(0.3))
                    .add(Dense::new(3).activation(Softmax));
                let rate = CosineDecay::new(0.02, 90);
                let metrics = [Metric::Accuracy, Metric::F1Score(F1Score::default()).weighted()];
                model.compile(Adam::new(rate), loss, metrics).unwrap();
                model
            }
            Kind::Cnn => {
                let mut model = Sequential::new([8, 8, 1])
                    .threads(threads)
                    .seed(4)
                    .add(RandomFlip::default())
                    .add(Conv2D::new(4, 3).activation(Relu))
                    .add(BatchNormalization::default())
                    .add(MaxPooling2D::new(2))
                    .add(Flatten)
                    .add(Dropout::new(0.25))
                    .add(Dense::new(2).activation(Softmax));
                let averaged = Adam::new(0.01).use_ema(true);
                model.compile(averaged, loss, [Metric::Accuracy]).unwrap();
                model
            }
        }
    }
}

fn table(rows: usize) -> (Array2<f32>, Array1<u8>) {
    let at = |(i, j): (usize, usize)| ((i * 37 + j * 91 + rows) % 101) as f32 / 50.0 - 1.0;
    let x = Array2::from_shape_fn((rows, 8), at);
    let y =
        x.rows().into_iter().map(|row| u8::from(row.sum() > 0.0) + u8::from(row[0] * row[1] > 0.1));
    let y = y.collect();
    (x, y)
}

fn pictures(rows: usize) -> (Array4<f32>, Array1<u8>) {
    let at = |(n, i, j, _): (usize, usize, usize, usize)| {
        ((n * 7 + i * 3 + j * (1 + n % 2)) % 11) as f32 / 11.0
    };
    (Array4::from_shape_fn((rows, 8, 8, 1), at), (0..rows).map(|n| (n % 2) as u8).collect())
}

/// Everything that a training leaves behind, to the bit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The history, as bits.
    pub(crate) history: BTreeMap<String, Vec<u64>>,
    /// The weights of the model at the end, as bits.
    pub(crate) weights: Vec<(String, Vec<u32>)>,
    /// The files, except manifests, which contain times: of the last checkpoint (the optimizer's
    /// memories, too), of callbacks.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Outcome {
    fn of(model: &mut Sequential, history: History, folder: &Path) -> Outcome {
        let bits = |(name, values): (String, Vec<f64>)| {
            (name, values.into_iter().map(f64::to_bits).collect())
        };
        let weight = |(name, values): (String, ndarray::ArrayD<f32>)| {
            (name, values.into_iter().map(f32::to_bits).collect())
        };
        let mut files = BTreeMap::new();
        for name in ["best.safetensors", "log.csv"] {
            files.insert(name.to_owned(), fs::read(folder.join(name)).unwrap_or_default());
        }
        // The last checkpoint has a higher number if there were more of them.
        let bodies = fs::read_dir(folder.join("run")).unwrap().map(|entry| entry.unwrap().path());
        let last = bodies.filter(|path| path.extension().is_some_and(|e| e == "safetensors")).max();
        files.insert("last checkpoint".to_owned(), fs::read(last.unwrap()).unwrap());
        Outcome {
            history: history.history.into_iter().map(bits).collect(),
            weights: model.weights().unwrap().into_iter().map(weight).collect(),
            files,
        }
    }
}
