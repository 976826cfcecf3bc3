//! The closed list of layers that a file may name.

use super::*;
use crate::error::{Code, Error, Result, unknown_name};
use crate::message::Text;
use crate::nn::config::{Config, Object, read, settings};

/// Each class with its settings before a file says otherwise.
macro_rules! layers {
    ($($class:literal: $blank:expr,)*) => {
        /// The layer that an object in a file describes: the reverse of [`Layer::config`].
        ///
        /// Errors: E015 no such class, or a name among its settings that does not exist; E034 a
        /// setting is missing, of the wrong kind, or unknown.
        ///
        /// ```
        /// use neurona_core::nn::{config::Object, layers::{Dense, layer_from_config}};
        /// let object = Object { class: "Dense".to_owned(), config: Dense::new(10).config().unwrap() };
        /// # use neurona_core::nn::Layer;
        /// assert_eq!(layer_from_config(object)?.config(), Dense::new(10).config());
        /// # Ok::<(), neurona_core::error::Error>(())
        /// ```
        pub fn layer_from_config(object: Object) -> Result<Box<dyn Layer>> {
            let Object { class, config } = object;
            match class.as_str() {
                "Activation" => Ok(Box::new(read(Function::default(), config)?.activation)),
                $($class => boxed($blank, config),)*
                other => Err(no_such_layer(other)),
            }
        }

        /// The classes of layers that files may name.
        pub const LAYER_CLASSES: [&str; 1 + [$($class),*].len()] = ["Activation", $($class),*];
    };
}

/// The settings of an activation as a layer, of which there is one.
#[derive(Clone, Default)]
struct Function {
    activation: Activation,
}

settings! {
    Function {
        required: activation;
    }
}

/// The error for a class that is not in the list (E015): Keras' own names are not typing mistakes.
fn no_such_layer(class: &str) -> Error {
    if OTHERS_OF_KERAS.contains(&class) {
        return Error::new(Code::E015, not_yet(class)).fix(own_layer());
    }
    unknown_name(&Text::new("layer", "ninguna capa"), class, &LAYER_CLASSES)
}

/// Keras layers that are not in the list yet.
const OTHERS_OF_KERAS: &[&str] = &[
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D",
    "AdaptiveMaxPooling3D",
    "AdditiveAttention",
    "Attention",
    "AugMix",
    "AutoContrast",
    "Bidirectional",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "CuDNNGRU",
    "CuDNNLSTM",
    "CutMix",
    "Discretization",
    "EinsumDense",
    "Equalization",
    "GRU",
    "GRUCell",
    "GroupQueryAttention",
    "HashedCrossing",
    "Hashing",
    "Identity",
    "IntegerLookup",
    "LSTM",
    "LSTMCell",
    "LocallyConnected1D",
    "LocallyConnected2D",
    "Masking",
    "MaxNumBoundingBoxes",
    "MelSpectrogram",
    "MixUp",
    "MultiHeadAttention",
    "Pipeline",
    "RNN",
    "RandAugment",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHeight",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomWidth",
    "ReversibleEmbedding",
    "STFTSpectrogram",
    "SimpleRNN",
    "SimpleRNNCell",
    "Solarization",
    "SpectralNormalization",
    "StackedRNNCells",
    "StringLookup",
    "TextVectorization",
    "TimeDistributed",
];

fn boxed<L: Layer + Config + 'static>(
    blank: L,
    config: Map<String, Value>,
) -> Result<Box<dyn Layer>> {
    Ok(Box::new(read(blank, config)?))
}

layers! {
    "ActivityRegularization": ActivityRegularization { l1: 0.0, l2: 0.0 },
    "Add": Add,
    "AlphaDropout": AlphaDropout::new(0.0),
    "Average": Average,
    "AveragePooling1D": AveragePooling1D::new(2),
    "AveragePooling2D": AveragePooling2D::new(2),
    "AveragePooling3D": AveragePooling3D::new(2),
    "BatchNormalization": BatchNormalization::default(),
    "CategoryEncoding": CategoryEncoding::new(0),
    "CenterCrop": CenterCrop::new(0, 0),
    "Concatenate": Concatenate::default(),
    "Conv1D": Conv1D::new(0, 0),
    "Conv1DTranspose": Conv1DTranspose::new(0, 0),
    "Conv2D": Conv2D::new(0, 0),
    "Conv2DTranspose": Conv2DTranspose::new(0, 0),
    "Conv3D": Conv3D::new(0, 0),
    "Conv3DTranspose": Conv3DTranspose::new(0, 0),
    "Cropping1D": Cropping1D::new(1),
    "Cropping2D": Cropping2D::new(0),
    "Cropping3D": Cropping3D::new(1),
    "Dense": Dense::new(0),
    "DepthwiseConv1D": DepthwiseConv1D::new(0),
    "DepthwiseConv2D": DepthwiseConv2D::new(0),
    "Dot": Dot::new(0),
    "Dropout": Dropout::new(0.0),
    "ELU": ELU::default(),
    "Embedding": Embedding::new(0, 0),
    "Flatten": Flatten,
    "GaussianDropout": GaussianDropout::new(0.0),
    "GaussianNoise": GaussianNoise::new(0.0),
    "GlobalAveragePooling1D": GlobalAveragePooling1D::default(),
    "GlobalAveragePooling2D": GlobalAveragePooling2D::default(),
    "GlobalAveragePooling3D": GlobalAveragePooling3D::default(),
    "GlobalMaxPooling1D": GlobalMaxPooling1D::default(),
    "GlobalMaxPooling2D": GlobalMaxPooling2D::default(),
    "GlobalMaxPooling3D": GlobalMaxPooling3D::default(),
    "GroupNormalization": GroupNormalization::default(),
    "LayerNormalization": LayerNormalization::default(),
    "LeakyReLU": LeakyReLU::default(),
    "MaxPooling1D": MaxPooling1D::new(2),
    "MaxPooling2D": MaxPooling2D::new(2),
    "MaxPooling3D": MaxPooling3D::new(2),
    "Maximum": Maximum,
    "Minimum": Minimum,
    "Multiply": Multiply,
    "Normalization": Normalization::new([], []),
    "PReLU": PReLU::default(),
    "Permute": Permute::new([]),
    "RMSNormalization": RMSNormalization::default(),
    "RandomBrightness": RandomBrightness::new(0.0),
    "RandomContrast": RandomContrast::new(0.0),
    "RandomCrop": RandomCrop::new(0, 0),
    "RandomFlip": RandomFlip::new(FlipMode::HorizontalAndVertical),
    "RandomRotation": RandomRotation::new(0.0),
    "RandomTranslation": RandomTranslation::new(0.0, 0.0),
    "RandomZoom": RandomZoom::new(0.0),
    "ReLU": ReLU::default(),
    "RepeatVector": RepeatVector::new(0),
    "Rescaling": Rescaling::new(1.0),
    "Reshape": Reshape::new([]),
    "Resizing": Resizing::new(0, 0),
    "SeparableConv1D": SeparableConv1D::new(0, 0),
    "SeparableConv2D": SeparableConv2D::new(0, 0),
    "Softmax": Softmax::default(),
    "SpatialDropout1D": SpatialDropout1D::new(0.0),
    "SpatialDropout2D": SpatialDropout2D::new(0.0),
    "SpatialDropout3D": SpatialDropout3D::new(0.0),
    "Subtract": Subtract,
    "UnitNormalization": UnitNormalization::default(),
    "UpSampling1D": UpSampling1D::new(2),
    "UpSampling2D": UpSampling2D::new(2),
    "UpSampling3D": UpSampling3D::new(2),
    "ZeroPadding1D": ZeroPadding1D::new(1),
    "ZeroPadding2D": ZeroPadding2D::new(1),
    "ZeroPadding3D": ZeroPadding3D::new(1),
}

crate::messages! {
    fn not_yet(class: &str) {
        en: "Keras' layer {class} does not exist here yet",
        es: "la capa {class} de Keras aún no existe aquí",
    }

    fn own_layer() {
        en: "use other layers where the model is made (docs/keras-parity.md lists those there are), or build it in a program with a layer of your own and load the weights",
        es: "use otras capas donde se crea el modelo (docs/keras-parity.md lista las que hay), o constrúyalo en un programa con una capa propia y cargue los pesos",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_of_keras_that_are_not_here_are_no_slips_of_the_pen() {
        for class in OTHERS_OF_KERAS {
            assert!(!LAYER_CLASSES.contains(class), "{class} is here");
        }
        let said = no_such_layer("GRU").to_string();
        assert!(said.starts_with("E015 Keras' layer GRU does not exist here yet"), "{said}");
        assert!(!said.contains("ELU"), "{said}");
        let said = no_such_layer("Dnese").to_string();
        assert!(said.contains("Did you mean \"Dense\"?"), "{said}");
    }
}
