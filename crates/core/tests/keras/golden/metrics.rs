//! Metrics after their updates.

use super::*;

/// The metric of a case, with its settings.
#[expect(clippy::too_many_lines, reason = "one arm a metric")]
fn metric(name: &str, config: &Json) -> Metric {
    let number = |key: &str, default| config[key].as_f64().unwrap_or(default);
    let size = |key: &str| config[key].as_u64().map(|n| n as usize);
    let flag = |key: &str| config[key].as_bool().unwrap_or(false);
    let thresholds = number("thresholds", 0.5);
    let num_thresholds = size("num_thresholds").unwrap_or(200);
    let (class_id, from_logits) = (size("class_id"), flag("from_logits"));
    let label_smoothing = number("label_smoothing", 0.0);
    let average = match config["average"].as_str() {
        Some("micro") => Averaging::Micro,
        Some("weighted") => Averaging::Weighted,
        _ => Averaging::Macro,
    };
    let ids = || {
        let ids = config["target_class_ids"].as_array();
        ids.map(|ids| ids.iter().map(|id| id.as_u64().unwrap() as usize).collect())
    };
    match name {
        "precision_at_recall" => {
            Metric::PrecisionAtRecall { recall: number("recall", 0.0), num_thresholds, class_id }
        }
        "recall_at_precision" => {
            let precision = number("precision", 0.0);
            Metric::RecallAtPrecision { precision, num_thresholds, class_id }
        }
        "sensitivity_at_specificity" => Metric::SensitivityAtSpecificity {
            specificity: number("specificity", 0.0),
            num_thresholds,
            class_id,
        },
        "specificity_at_sensitivity" => Metric::SpecificityAtSensitivity {
            sensitivity: number("sensitivity", 0.0),
            num_thresholds,
            class_id,
        },
        "mean_io_u" => Metric::OneHotMeanIoU,
        "one_hot_io_u" => Metric::OneHotIoU(OneHotIoU { target_class_ids: ids().unwrap() }),
        _ => match Metric::from_name(name).unwrap() {
            Metric::BinaryAccuracy { threshold } => {
                Metric::BinaryAccuracy { threshold: number("threshold", threshold) }
            }
            Metric::TopKCategoricalAccuracy { k } => {
                Metric::TopKCategoricalAccuracy { k: size("k").unwrap_or(k) }
            }
            Metric::SparseTopKCategoricalAccuracy { k } => {
                Metric::SparseTopKCategoricalAccuracy { k: size("k").unwrap_or(k) }
            }
            Metric::Precision(_) => Metric::Precision(Precision {
                thresholds: config["thresholds"].as_f64(),
                top_k: size("top_k"),
                class_id,
            }),
            Metric::Recall(_) => Metric::Recall(Recall {
                thresholds: config["thresholds"].as_f64(),
                top_k: size("top_k"),
                class_id,
            }),
            Metric::TruePositives { .. } => Metric::TruePositives { thresholds },
            Metric::TrueNegatives { .. } => Metric::TrueNegatives { thresholds },
            Metric::FalsePositives { .. } => Metric::FalsePositives { thresholds },
            Metric::FalseNegatives { .. } => Metric::FalseNegatives { thresholds },
            Metric::Auc(_) => Metric::Auc(Auc {
                num_thresholds,
                curve: match config["curve"].as_str() {
                    None | Some("ROC") => Curve::Roc,
                    Some("PR") => Curve::Pr,
                    Some(_) => Curve::PrGain,
                },
                summation_method: match config["summation_method"].as_str() {
                    None | Some("interpolation") => SummationMethod::Interpolation,
                    Some("minoring") => SummationMethod::Minoring,
                    Some(_) => SummationMethod::Majoring,
                },
                multi_label: flag("multi_label"),
                from_logits,
            }),
            Metric::F1Score(_) => {
                Metric::F1Score(F1Score { average, threshold: config["threshold"].as_f64() })
            }
            Metric::FBetaScore(_) => Metric::FBetaScore(FBetaScore {
                average,
                beta: number("beta", 1.0),
                threshold: config["threshold"].as_f64(),
            }),
            Metric::BinaryIoU(default) => Metric::BinaryIoU(BinaryIoU {
                target_class_ids: ids().unwrap_or(default.target_class_ids),
                threshold: number("threshold", default.threshold),
            }),
            Metric::R2Score(_) => Metric::R2Score(R2Score {
                class_aggregation: match config["class_aggregation"].as_str() {
                    None | Some("uniform_average") => ClassAggregation::UniformAverage,
                    Some(_) => ClassAggregation::VarianceWeightedAverage,
                },
                num_regressors: size("num_regressors").unwrap_or(0),
            }),
            Metric::BinaryCrossentropy(_) => {
                Metric::BinaryCrossentropy(BinaryCrossentropy { from_logits, label_smoothing })
            }
            Metric::CategoricalCrossentropy(_) => {
                Metric::CategoricalCrossentropy(CategoricalCrossentropy {
                    from_logits,
                    label_smoothing,
                })
            }
            Metric::SparseCategoricalCrossentropy(_) => {
                let ignore_class = config["ignore_class"].as_i64();
                let loss = SparseCategoricalCrossentropy { from_logits, ignore_class };
                Metric::SparseCategoricalCrossentropy(loss)
            }
            other => other,
        },
    }
}

/// The sums of a metric over the updates of a case, and how many samples there were.
fn sums<F: Real>(metric: &Metric, updates: &[Json]) -> (Vec<f64>, f64) {
    let (mut sums, mut samples) = (Vec::new(), 0);
    for update in updates {
        let builder = Builder::new();
        // Keras takes predictions with one dimension as one output each.
        let mut shape = dims(&update["y_pred"]);
        if shape.len() == 1 {
            shape.push(1);
        }
        let prediction = builder.input("p", Role::Batch, DType::F32, &shape);
        // Labels stand where predictions have one more dimension, or more columns.
        let (have, shape) = (dims(&update["y_true"]), prediction.shape());
        let labels = shape.last() > 1 && (have.len() < shape.rank() || have.last() == Some(&1));
        let targets = if labels { Targets::Labels } else { Targets::Numbers };
        let target = targets.input(&builder, "y", prediction);
        let given = &update["sample_weight"];
        let weights =
            given.as_object().map(|_| builder.input("w", Role::Batch, DType::F32, &dims(given)));
        builder.output("parts", metric.parts(target, prediction, weights));
        let y = numbers(&update["y_true"]);
        let y = if labels {
            Value::Int(y.iter().map(|&y| y as i32).collect())
        } else {
            floats::<F>(&y)
        };
        let mut inputs = vec![floats(&numbers(&update["y_pred"])), y];
        inputs.extend(given.as_object().map(|_| floats(&numbers(given))));
        let parts = f64s(&interpret::<F>(&builder.finish().unwrap(), &inputs)[0]);
        sums.resize(parts.len(), 0.0);
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
        samples += shape.dims()[0];
    }
    (sums, samples as f64)
}

/// The values of a metric: one for each class where Keras' F-score has no average.
fn values<F: Real>(metric: &Metric, config: &Json, updates: &[Json]) -> Vec<f64> {
    let (sums, samples) = sums::<F>(metric, updates);
    let each = config["average"].is_null();
    match metric {
        Metric::F1Score(f1) if each => f1.beta().scores(&sums).collect(),
        Metric::FBetaScore(f_beta) if each => f_beta.scores(&sums).collect(),
        _ => vec![metric.result(&sums, samples)],
    }
}

/// Whether a case tests something that is left out here on purpose.
type LeftOut = fn(name: &str, config: &Json) -> bool;

const SEVERAL_NUMBERS: LeftOut = |name, config| {
    config["thresholds"].is_array() && name != "auc"
        || config.get("class_aggregation").is_some_and(Json::is_null)
};
const LABELS_AS_PREDICTIONS: LeftOut = |name, config| {
    let labels = config["sparse_y_pred"].as_bool();
    name == "accuracy"
        || config["from_sorted_ids"] == true
        || matches!(name, "mean_io_u" | "io_u") && labels != Some(false)
        || labels == Some(true)
};
const ANOTHER_DIMENSION: LeftOut = |_, config| config["axis"].is_number();
const CHOSEN_THRESHOLDS: LeftOut = |name, config| {
    name == "auc" && (config["thresholds"].is_array() || config["label_weights"].is_array())
};
const NO_TARGETS: LeftOut = |name, _| matches!(name, "mean" | "sum");

/// How many of the file's cases a reason leaves out.
fn count_left_out(reason: LeftOut) -> usize {
    let file = golden("metrics");
    let direct = cases(&file, 236).iter().filter(|case| case["kind"] == "direct");
    direct.filter(|case| reason(case["metric"].as_str().unwrap(), &case["config"])).count()
}

#[test]
fn metrics_of_several_thresholds_or_of_each_output_give_several_numbers_and_are_left_out() {
    assert_eq!(count_left_out(SEVERAL_NUMBERS), 12);
}

#[test]
fn metrics_that_compare_labels_with_labels_are_left_out_as_no_network_outputs_labels() {
    assert_eq!(count_left_out(LABELS_AS_PREDICTIONS), 12);
}

#[test]
fn metrics_along_another_dimension_than_the_last_are_left_out() {
    assert_eq!(count_left_out(ANOTHER_DIMENSION), 3);
}

#[test]
fn areas_over_chosen_thresholds_and_of_weighted_labels_are_left_out() {
    assert_eq!(count_left_out(CHOSEN_THRESHOLDS), 8);
}

#[test]
fn means_and_sums_of_values_without_targets_are_left_out() {
    assert_eq!(count_left_out(NO_TARGETS), 8);
}

#[test]
fn metrics_and_what_accuracy_means() {
    let file = golden("metrics");
    let mut seen = std::collections::BTreeSet::new();
    for case in cases(&file, 236) {
        let compiled = case["kind"] == "compiled";
        let name = if compiled { &case["metrics"][0] } else { &case["metric"] }.as_str().unwrap();
        let left_out = [
            SEVERAL_NUMBERS,
            LABELS_AS_PREDICTIONS,
            ANOTHER_DIMENSION,
            CHOSEN_THRESHOLDS,
            NO_TARGETS,
        ];
        if !compiled && left_out.iter().any(|reason| reason(name, &case["config"])) {
            continue;
        }
        let metric = metric(name, &case["config"]);
        seen.insert(metric.name().to_owned());
        let updates = match case["updates"].as_array() {
            Some(updates) => updates.clone(),
            None => vec![predicted(case)],
        };
        let wanted = |json: &Json| match json.as_array() {
            Some(values) => values.iter().map(|x| x.as_f64().unwrap()).collect(),
            None => vec![json.as_f64().unwrap()],
        };
        let found = values::<f64>(&metric, &case["config"], &updates);
        // Keras computes intersections over unions in 32 bits, whatever the floatx.
        let bound = if name.ends_with("io_u") { F32 } else { F64 };
        close(&case.to_string(), &found, &wanted(&case["expected_f64"]), bound, bound);
        let found = values::<f32>(&metric, &case["config"], &updates);
        close(&case.to_string(), &found, &wanted(&case["expected_f32"]), F32, F32);
    }
    for metric in Metric::all() {
        assert!(seen.contains(metric.name()), "no golden value of {}", metric.name());
    }
}

/// The predictions of a `compiled` case's one-layer model, with its targets.
fn predicted(case: &Json) -> Json {
    let mut network = Network::default();
    network.push(layer("Dense", &case["layer"]));
    let shape = dims(&case["x"]);
    let sample = Shape::new(&shape[1..]).unwrap();
    let inputs = [(sample, DType::F32)];
    let spec = StepGraph { network: &network, inputs: &inputs, batch: shape[0] };
    let graph = predict_graph(spec).unwrap();
    let weights = case["weights"].as_array().unwrap().iter().map(|w| floats(&numbers(w)));
    let inputs: Vec<Value<f64>> =
        std::iter::once(floats(&numbers(&case["x"]))).chain(weights).collect();
    let y = f64s(&interpret(&graph, &inputs)[0]);
    let units = y.len() / shape[0];
    serde_json::json!({"y_true": case["y_true"], "y_pred": {"shape": [shape[0], units], "data": y}})
}
