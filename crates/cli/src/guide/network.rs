//! Step 7: from the neuron to the network.

use super::data::{CLASSES, SIDE};
use super::figures::Picture;
use super::story::{Block, Story};
use super::texts;
use crate::args::GuideOptions;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::message::Text;
use neurona::plot;
use neurona::prelude::{
    BinaryThreshold, BipolarThreshold, Dense, Flatten, Input, Layer, Linear, Model, Relu,
    Rescaling, Sequential, Sigmoid, Softmax, Tanh,
};

/// The net inputs that are used to show softmax.
const SHOWN: [f64; 3] = [2.0, 1.0, -1.0];

/// Step 7.
pub(super) fn build(story: &mut Story, options: &GuideOptions) -> Result<Sequential, Stop> {
    story.step(&texts::network_title())?;
    story.text(&texts::perceptrons())?;
    neuron(story)?;
    layers(story)?;

    story.code("network")?;
    let mut model = Sequential::new([SIDE, SIDE])
        .seed(options.seed)
        .add(Rescaling::new(1.0 / 255.0))
        .add(Flatten)
        .add(Dense::new(CLASSES).activation(Sigmoid))
        .add(Dense::new(CLASSES).activation(Softmax));
    if let Some(threads) = options.threads {
        model.set_threads(threads);
    }
    let summary = model.summary()?;
    story.tell(Block::Summary(summary.clone()))?;
    let parameters: Vec<usize> = summary.rows.iter().filter_map(|row| row.parameters).collect();
    if let [.., hidden, output] = parameters[..] {
        story.text(&texts::parameters(hidden, output, summary.total_parameters()))?;
    }
    let network = plot::network(&mut model, Some((SIDE, SIDE)), story.lang)?;
    story.picture(Picture::Network, network)?;

    functional(story, &mut model)?;
    story.text(&texts::forward())?;
    Ok(model)
}

/// The biological neuron, the artificial neuron, and the transfer functions that it can have.
fn neuron(story: &mut Story) -> Result<(), Stop> {
    story.text(&texts::brain())?;
    story.picture(Picture::BiologicalNeuron, plot::biological_neuron(story.lang))?;
    story.text(&texts::counterparts())?;
    story.list(&[
        texts::dendrites(),
        texts::synapses(),
        texts::soma(),
        texts::threshold(),
        texts::axon(),
    ])?;
    story.text(&texts::pulses())?;
    story.text(&texts::net())?;
    story.formula(&texts::neuron_formula())?;
    story.text(&texts::bias())?;
    story.picture(Picture::Neuron, plot::artificial_neuron(story.lang))?;

    story.text(&texts::transfer())?;
    story.list(&[
        texts::binary_threshold(),
        texts::bipolar_threshold(),
        texts::linear(),
        texts::sigmoid_function(),
        texts::tanh_and_relu(),
    ])?;
    story.text(&texts::slope())?;
    let functions = [BinaryThreshold, BipolarThreshold, Linear, Sigmoid, Tanh, Relu];
    let functions = plot::transfer_functions(&functions, story.lang)?;
    story.picture(Picture::TransferFunctions, functions)
}

/// The layers of this network, and the softmax of its last one.
fn layers(story: &mut Story) -> Result<(), Stop> {
    story.text(&texts::layers())?;
    story.text(&texts::softmax())?;
    let powers = SHOWN.map(f64::exp);
    let all: f64 = powers.iter().sum();
    let row = |name: &str, numbers: [f64; 3], all: f64| {
        let numbers = numbers.map(|x| format!("{:>9}", story.say(&Fixed(x, 4))));
        format!("{name:4}{}   Σ = {}", numbers.concat(), story.say(&Fixed(all, 4)))
    };
    let rows = [
        row("s", SHOWN, SHOWN.iter().sum()),
        row("e^s", powers, all),
        row("p", powers.map(|power| power / all), 1.0),
    ];
    let formula = format!("pₖ = e^sₖ / Σ e^s\n\n{}", rows.join("\n"));
    story.formula(&Text::verbatim(formula))?;
    story.picture(Picture::Softmax, plot::softmax(&SHOWN, story.lang))
}

/// The same network, built in Keras' other way.
fn functional(story: &mut Story, model: &mut Sequential) -> Result<(), Stop> {
    story.text(&texts::functional())?;
    story.code("functional")?;
    let input = Input::new([SIDE, SIDE]);
    let flat = Flatten.on(&Rescaling::new(1.0 / 255.0).on(&input));
    let hidden = Dense::new(CLASSES).activation(Sigmoid).on(&flat);
    let output = Dense::new(CLASSES).activation(Softmax).on(&hidden);
    let mut other = Model::new([&input], [&output])?;
    other.set_seed(model.random_seed());
    let total = other.summary()?.total_parameters();
    let same = other.weights()? == model.weights()?;
    story.output(format!("{total}\n{same}"))?;
    story.text(&texts::same_network())
}
