//! One step of an optimizer on all weights: what happens, and in which order.

use super::slots::slot_name;
use super::turn::Turn;
use super::{Optimizer, Options, Param, Slots, StepInputs};
use crate::graph::{Builder, Expr};
use crate::tensor::DType;

/// The value whose gradients are taken: the loss, scaled as the options say.
pub(in crate::nn) fn scaled<'g>(optimizer: &dyn Optimizer, loss: Expr<'g>) -> Expr<'g> {
    optimizer.options().loss_scale_factor.map_or(loss, |scale| loss * scale)
}

/// The gradient of the loss, from the gradient of the scaled loss.
pub(in crate::nn) fn unscaled<'g>(optimizer: &dyn Optimizer, gradient: Expr<'g>) -> Expr<'g> {
    optimizer.options().loss_scale_factor.map_or(gradient, |scale| gradient / scale)
}

/// One step on all weights, in Keras' order: gradients are unscaled, gathered over several batches,
/// clipped; then each weight decays and is updated, its average follows, and its constraint is
/// applied. Returns the new values.
///
/// `gradients` belong to the loss times the option `loss_scale_factor`. With
/// `gradient_accumulation_steps`, weights and the optimizer's memories change only at every nth
/// step, and the optimizer counts only those.
pub fn apply<'g>(
    builder: &'g Builder,
    optimizer: &dyn Optimizer,
    mut step: StepInputs<'g>,
    params: &[Param<'g>],
    gradients: &[Expr<'g>],
) -> Vec<Expr<'g>> {
    let options = optimizer.options();
    let mut gradients: Vec<Expr<'g>> =
        gradients.iter().map(|gradient| unscaled(optimizer, *gradient)).collect();
    let mut turn = None;
    if let Some(steps) = options.gradient_accumulation_steps {
        let name = format!("{}/accumulated_steps", optimizer.name());
        let now = Turn::declare(builder, &name, steps, None);
        for (param, gradient) in params.iter().zip(&mut gradients) {
            let name = slot_name(optimizer.name(), &param.name, "gradient_accumulator");
            let gathered = builder.state(&name, param.expr.shape().dims(), 0.0);
            let sum = gathered + *gradient;
            builder.update(gathered, now.choose(sum.fill_like(0.0), sum));
            *gradient = sum / steps as f64;
        }
        step.iteration = ((step.iteration - 1.0) / steps as f64).floor() + 1.0;
        turn = Some(now);
    }
    clip(&options, &mut gradients);
    let averages = Averages::declare(builder, optimizer, &options, step, turn);
    let update = |(param, gradient): (&Param<'g>, Expr<'g>)| {
        let mut weight = param.expr;
        let decay = optimizer.decay_of(&options, param).filter(|_| options.decays(&param.name));
        if let Some(decay) = decay {
            weight = weight - weight * (step.learning_rate * decay);
        }
        let slots = Slots {
            builder,
            optimizer: optimizer.name(),
            weight: param.name.clone(),
            shape: param.expr.shape(),
            turn,
        };
        weight = optimizer.update(step, &slots, weight, gradient);
        if let Some(turn) = turn {
            weight = turn.choose(weight, param.expr);
        }
        if let Some(averages) = &averages {
            weight = averages.follow(builder, &average_name(optimizer, &param.name), weight);
        }
        if let Some(constraint) = param.constraint {
            weight = constraint.apply(weight);
        }
        builder.update(param.expr, weight);
        weight
    };
    params.iter().zip(gradients).map(update).collect()
}

/// The name of the memory that holds a weight's moving average, if the options ask for one.
pub fn average_name(optimizer: &dyn Optimizer, weight: &str) -> String {
    slot_name(optimizer.name(), weight, "average")
}

/// Shortens gradients that are longer than the options allow.
fn clip<'g>(options: &Options, gradients: &mut [Expr<'g>]) {
    let square_sum = |gradient: &Expr<'g>| (*gradient * *gradient).sum_all();
    if let Some(most) = options.clipnorm {
        for gradient in &mut *gradients {
            let norm = square_sum(gradient).sqrt();
            *gradient = *gradient * most / norm.max(norm.fill_like(most));
        }
    }
    let sums = options.global_clipnorm.and_then(|most| {
        Some((most, gradients.iter().map(square_sum).reduce(|sum, square| sum + square)?))
    });
    if let Some((most, squares)) = sums {
        let factor = (1.0 / squares.sqrt()).min(squares.fill_like(1.0 / most)) * most;
        gradients.iter_mut().for_each(|gradient| *gradient = *gradient * factor);
    }
    if let Some(most) = options.clipvalue {
        gradients.iter_mut().for_each(|gradient| *gradient = gradient.clip(-most, most));
    }
}

/// Moving averages of the weights.
struct Averages<'g> {
    /// The share of an average that stays: none at the first step, so that it starts from the
    /// weight.
    momentum: Expr<'g>,
    /// When averages replace the weights.
    overwrite: Option<Turn<'g>>,
}

impl<'g> Averages<'g> {
    fn declare(
        builder: &'g Builder,
        optimizer: &dyn Optimizer,
        options: &Options,
        step: StepInputs<'g>,
        turn: Option<Turn<'g>>,
    ) -> Option<Averages<'g>> {
        if !options.use_ema {
            return None;
        }
        let started = step.iteration.fill_like(1.0).less(step.iteration).cast(DType::F32);
        let name = format!("{}/ema_steps", optimizer.name());
        let overwrite = options
            .ema_overwrite_frequency
            .map(|period| Turn::declare(builder, &name, period, turn));
        Some(Averages { momentum: started * options.ema_momentum, overwrite })
    }

    /// The weight, after its average has followed it.
    fn follow(&self, builder: &'g Builder, name: &str, weight: Expr<'g>) -> Expr<'g> {
        let old = builder.state(name, weight.shape().dims(), 0.0);
        let average = old * self.momentum + weight * (1.0 - self.momentum);
        builder.update(old, average);
        self.overwrite.map_or(weight, |turn| turn.choose(average, weight))
    }
}
