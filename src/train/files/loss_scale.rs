//! Keras' `LossScaleOptimizer`: what it keeps around the optimizer that it wraps.

use crate::nn::config::{Map, Object, Value};

/// Around an optimizer, Keras multiplies the loss so that gradients in `float16` do not vanish, and divides the gradients
/// again. In `float32` this changes nothing: we only carry along what it keeps, for Keras.
#[derive(Clone, Debug)]
pub(in crate::train) struct LossScale {
    /// Its settings, without the optimizer inside.
    config: Map<String, Value>,
    /// How many steps have gone well since the scale changed.
    pub(super) counter: u64,
    /// The factor of the loss.
    pub(super) scale: f32,
    /// How many steps the optimizer had done at that time.
    pub(super) since: u64,
}

/// The number of good steps after which the scale doubles, and its starting value: Keras' defaults.
const GROWTH: u64 = 2000;
const SCALE: f32 = 32_768.0;

impl Default for LossScale {
    fn default() -> LossScale {
        LossScale { config: Map::new(), counter: 0, scale: SCALE, since: 0 }
    }
}

impl LossScale {
    /// The scale and the optimizer inside, if a file's optimizer wraps another.
    pub(super) fn from_json(json: &Value) -> Option<(LossScale, Value)> {
        let object = Object::from_json(json).ok()?;
        // Keras 2 had three of them.
        if !object.class.starts_with("LossScaleOptimizer") {
            return None;
        }
        let mut config = object.config;
        let inner = config.remove("inner_optimizer").or_else(|| config.remove("optimizer"))?;
        config
            .retain(|name, _| ["name", "initial_scale", "dynamic_growth_steps"].contains(&&**name));
        let scale = config.get("initial_scale").and_then(Value::as_f64).map(|scale| scale as f32);
        let scale = scale.filter(|scale| scale.is_finite() && *scale > 0.0).unwrap_or(SCALE);
        Some((LossScale { config, scale, ..LossScale::default() }, inner))
    }

    /// The optimizer as Keras writes it, wrapped.
    pub(super) fn around(&self, inner: Value) -> Value {
        let mut config = self.config.clone();
        config.insert("inner_optimizer".to_owned(), inner);
        Object { class: "LossScaleOptimizer".to_owned(), config }.to_json("keras.optimizers")
    }

    /// The counter and the scale after this many steps in all, each of which went well.
    pub(super) fn after(&self, steps: u64) -> (u64, f32) {
        let growth = self.config.get("dynamic_growth_steps").and_then(Value::as_u64);
        let growth = growth.unwrap_or(GROWTH).max(1);
        let counted = self.counter.saturating_add(steps.saturating_sub(self.since));
        let doubled = i32::try_from(counted / growth).unwrap_or(i32::MAX);
        let scale = self.scale * 2.0f32.powi(doubled);
        (counted % growth, if scale.is_finite() { scale } else { f32::MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_doubles_after_enough_steps() {
        let scale = LossScale { counter: 1_990, since: 40, ..LossScale::default() };
        assert_eq!(scale.after(49), (1_999, SCALE));
        assert_eq!(scale.after(50), (0, 2.0 * SCALE));
        assert_eq!(scale.after(4_051), (1, 8.0 * SCALE));
    }
}
