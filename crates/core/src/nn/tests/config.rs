//! A value that is written to a file is read back, and what a file may not say is refused by name.

use super::implementors::implementors;
use crate::error::Code;
use crate::nn::config::{Field, Object, Value};
use crate::nn::layers::*;
use crate::nn::*;
use crate::tensor::Axes;
use serde_json::json;

#[test]
fn every_layer_is_in_the_closed_list() {
    let inside = ["Network", "Pretrained"];
    for layer in implementors("Layer").iter().filter(|layer| !inside.contains(&layer.as_str())) {
        assert!(LAYER_CLASSES.contains(&layer.as_str()), "files cannot name {layer}");
    }
}

/// Checks that a value is read back as it was written.
#[track_caller]
fn round_trip<F: Field + std::fmt::Debug + PartialEq>(value: &F) {
    assert_eq!(F::from_json(&value.to_json()).unwrap(), *value);
}

#[test]
fn settings_are_read_as_they_were_written() {
    Initializer::ALL.iter().for_each(round_trip);
    Regularizer::ALL.iter().for_each(round_trip);
    Constraint::ALL.iter().for_each(round_trip);
    Activation::ALL.iter().for_each(round_trip);
    round_trip(&Initializer::VarianceScaling {
        scale: 2.0,
        mode: FanMode::Average,
        distribution: Distribution::Uniform,
    });
    round_trip(&Regularizer::Orthogonal { factor: 0.5, rows: false });
    round_trip(&Constraint::UnitNorm { axis: Axes::new(&[0, 1, 2]) });
    // Settings that are not defaults cannot be a name alone.
    round_trip(&Activation::LeakyRelu { negative_slope: 0.1 });
    round_trip(&Activation::Elu { alpha: 0.5 });
    round_trip(&Activation::Gelu { approximate: true });
    for rate in [
        LearningRate::from(0.1),
        ExponentialDecay::new(0.1, 10, 0.5).staircase(true).into(),
        PiecewiseConstantDecay::new([2, 4], [0.1, 0.2, 0.3]).into(),
        PolynomialDecay::new(0.1, 10).power(2.0).cycle(true).into(),
        InverseTimeDecay::new(0.1, 10, 0.5).into(),
        CosineDecay::new(0.1, 10).alpha(0.2).into(),
        CosineDecayRestarts::new(0.1, 10).t_mul(3.0).into(),
        OneCycle::new(0.1, 10).into(),
    ] {
        round_trip(&rate);
    }
}

#[test]
fn losses_and_metrics_are_read_as_they_were_written() {
    for loss in losses::all() {
        let object = loss.config().unwrap();
        let read = loss_from_config(object.clone()).unwrap();
        assert_eq!((read.name(), read.config()), (loss.name(), Some(object)));
    }
    let at = (0.5, 100, Some(1));
    let others = [
        Metric::PrecisionAtRecall { recall: at.0, num_thresholds: at.1, class_id: at.2 },
        Metric::RecallAtPrecision { precision: at.0, num_thresholds: at.1, class_id: at.2 },
        Metric::SensitivityAtSpecificity {
            specificity: at.0,
            num_thresholds: at.1,
            class_id: at.2,
        },
        Metric::SpecificityAtSensitivity {
            sensitivity: at.0,
            num_thresholds: at.1,
            class_id: at.2,
        },
        Metric::OneHotIoU(OneHotIoU { target_class_ids: vec![0, 2] }),
        Metric::Precision(Precision { thresholds: Some(0.3), top_k: Some(2), class_id: Some(1) }),
        Metric::TopKCategoricalAccuracy { k: 3 }.named("top_3"),
        Metric::ExactAccuracy,
        Metric::loss(Huber { delta: 0.5 }),
    ];
    for metric in Metric::all().into_iter().chain(others) {
        let json = metric.to_json(3, false).unwrap();
        let read = Metric::from_json(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(format!("{read:?}"), format!("{metric:?}"));
    }
}

#[test]
fn optimizers_are_read_as_they_were_written() {
    let adam = Adam { beta_1: 0.8, ..Adam::new(CosineDecay::new(0.1, 100)) };
    let all: Vec<Box<dyn Optimizer>> = vec![
        Box::new(adam.clipnorm(1.0).use_ema(true).ema_overwrite_frequency(3)),
        Box::new(AdamW::default().weight_decay(0.5).exclude_from_weight_decay(["bias"])),
        Box::new(AdamW { weight_decay: 0.1, ..AdamW::default() }),
        Box::new(Muon { exclude_layers: vec!["output".to_owned()], ..Muon::default() }),
        Box::new(Sgd { momentum: 0.9, nesterov: true, ..Sgd::new(0.1) }.clipvalue(0.5)),
    ];
    for optimizer in all {
        let read = optimizer_from_config(optimizer.config().unwrap()).unwrap();
        assert_eq!(read.options(), optimizer.options());
        let written = read.config().unwrap();
        for (key, value) in optimizer.config().unwrap().config {
            assert_eq!(written.config[&key], value, "{key} of {optimizer:?}");
        }
    }
}

#[track_caller]
fn refused(value: &Value, code: Code, parts: &[&str]) {
    let object = Object::from_json(value);
    let error = object.and_then(layer_from_config).map(|layer| format!("{layer:?}")).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    for part in parts {
        assert!(error.to_string().contains(part), "{error} does not say {part}");
    }
}

#[test]
fn what_a_file_may_not_say_is_refused_by_name() {
    let dense = |key: &str, value: Value| {
        let mut object = Object { class: "Dense".into(), config: Dense::new(3).config().unwrap() };
        object.config.insert(key.to_owned(), value);
        object.to_json("keras.layers")
    };
    refused(&json!("Dense"), Code::E034, &["\"units\" is missing"]);
    refused(&dense("units", json!(-1)), Code::E034, &["units", "from 0 up is expected, not -1"]);
    refused(&dense("units", json!("many")), Code::E034, &["units", "\"many\""]);
    refused(&dense("units", json!(2.5)), Code::E034, &["units", "2.5"]);
    refused(&dense("lora_rank", json!(4)), Code::E034, &["no setting \"lora_rank\"", "4"]);
    refused(&dense("activation", json!("rely")), Code::E015, &["activation", "\"relu\""]);
    refused(&json!({"class_name": "Dens", "config": {}}), Code::E015, &["\"Dense\""]);
    refused(&json!({"class_name": "Dense", "config": 3}), Code::E034, &["config"]);
    refused(&json!(["Dense"]), Code::E034, &["class_name"]);
    // Objects that ask for code.
    let named = |key: &str, value: &str| {
        let mut json = dense("units", json!(3));
        json[key] = value.into();
        json
    };
    refused(&named("module", "os"), Code::E038, &["\"os.Dense\"", "never runs code"]);
    refused(&named("registered_name", "mine>Dense"), Code::E038, &["mine>Dense"]);
    refused(&named("class_name", "Lambda"), Code::E038, &["\"Lambda\""]);
    refused(&named("class_name", "TFSMLayer"), Code::E038, &["\"TFSMLayer\""]);
    let function = json!({"module": "builtins", "class_name": "function", "config": "system"});
    refused(&dense("activation", function), Code::E015, &["activation", "\"system\""]);
    let function = json!({"module": "os", "class_name": "function", "config": "relu"});
    refused(&dense("activation", function), Code::E038, &["activation", "\"function\""]);
    refused(
        &dense("kernel_initializer", json!({"module": "os", "class_name": "system", "config": {}})),
        Code::E038,
        &["kernel_initializer", "\"os.system\""],
    );
}

#[test]
fn metrics_of_one_hot_rows_look_along_the_last_axis() {
    let one = json!({"num_classes": 3, "target_class_ids": [0]});
    for (class, mut config) in [("OneHotIoU", one), ("OneHotMeanIoU", json!({"num_classes": 3}))] {
        let mut read = |axis: i64| {
            config["axis"] = axis.into();
            Metric::from_json(&json!({"class_name": class, "config": config}))
        };
        assert!(read(-1).is_ok(), "{class}: {:?}", read(-1));
        let error = read(1).unwrap_err();
        assert_eq!(error.code(), Code::E034, "{error}");
        assert!(error.to_string().contains("axis"), "{error}");
    }
}

#[test]
fn layers_tell_the_activation_they_end_with() {
    let (relu, tanh) = (Activation::Relu, Activation::Tanh);
    let all: Vec<(Box<dyn Layer>, Activation)> = vec![
        (Box::new(Dense::new(1).activation(relu)), relu),
        (Box::new(Conv2D::new(1, 1).activation(tanh)), tanh),
        (Box::new(Conv2DTranspose::new(1, 1).activation(relu)), relu),
        (Box::new(DepthwiseConv1D::new(1).activation(relu)), relu),
        (Box::new(DepthwiseConv2D::new(1).activation(tanh)), tanh),
        (Box::new(SeparableConv2D::new(1, 1).activation(relu)), relu),
        (Box::new(tanh), tanh),
    ];
    for (layer, activation) in all {
        assert_eq!(layer.activation_fn(), Some(activation), "{}", layer.class_name());
    }
    assert_eq!(Flatten.activation_fn(), None);
}

#[test]
fn layers_that_are_activations_are_read_as_such() {
    let read = |class: &str, config: Value| {
        Activation::from_json(&json!({"class_name": class, "config": config}))
    };
    for (class, config, wanted) in [
        ("ReLU", json!({"max_value": null, "negative_slope": 0.0}), Activation::Relu),
        ("ReLU", json!({"max_value": 6.0, "threshold": 0.0}), Activation::Relu6),
        ("ReLU", json!({"negative_slope": 0.25}), Activation::LeakyRelu { negative_slope: 0.25 }),
        ("Softmax", json!({"axis": -1}), Activation::Softmax),
        ("Softmax", json!({}), Activation::Softmax),
    ] {
        assert_eq!(read(class, config.clone()).unwrap(), wanted, "{class} {config}");
    }
    // Settings that none of our activations computes are refused.
    for (class, config) in [
        ("ReLU", json!({"max_value": 5.0})),
        ("ReLU", json!({"max_value": 6.0, "negative_slope": 0.1})),
        ("ReLU", json!({"threshold": 1.0})),
        ("Softmax", json!({"axis": 1})),
    ] {
        assert!(read(class, config.clone()).is_err(), "{class} {config}");
    }
}
