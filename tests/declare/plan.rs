//! Plans of random stacks: no two values that are needed at the same time share memory.

use formwork::declare::{Needs, Plan, Plans};
use formwork::layer::Steps;
use proptest::prelude::*;
use std::ops::Range;

const VALUES: usize = 8;

/// Stacks in which a layer that works in place keeps the size, as it must.
fn stacks() -> impl Strategy<Value = [Needs; VALUES]> {
    let layer = (1usize..40, any::<bool>(), any::<bool>());
    proptest::array::uniform8(layer).prop_map(|layers| {
        let mut size = 0;
        layers.map(|(new, in_place, needs_output)| {
            let in_place = in_place && size > 0;
            if !in_place {
                size = new;
            }
            Needs { size, in_place, needs_output, steps: Steps::KEPT }
        })
    })
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether all of the layers that lead from value `i` to value `j` work in place.
fn in_place(needs: &[Needs; VALUES], i: usize, j: usize) -> bool {
    needs[i + 1..=j].iter().all(|layer| layer.in_place)
}

proptest! {
    #[test]
    fn kept_values_overlap_only_where_one_may_be_overwritten(
        needs in stacks(), columns in 1usize..4, spare in 0usize..3,
    ) {
        let plans = Plans::new(needs);
        let (plan, capacity) = (plans.values, columns + spare);
        // Backward reads a value if the layer that gave it asks for it, or the next one does not
        // work in place.
        let is_read = |i: usize| needs[i].needs_output || !needs[i + 1].in_place;
        for j in 1..VALUES {
            for i in 1..j {
                let (a, b) = (plan.range(i, columns, capacity), plan.range(j, columns, capacity));
                let share = match (&a, &b) {
                    (Some(a), Some(b)) => overlap(a, b),
                    (None, None) => true,
                    _ => false,
                };
                if share {
                    prop_assert!(in_place(&needs, i, j), "values {i} and {j} of {needs:?}");
                    prop_assert!((i..j).all(|k| !is_read(k)), "value {i} is read: {needs:?}");
                    prop_assert_eq!(a, b);
                }
            }
        }
        for i in 1..VALUES - 1 {
            let end = plan.range(i, columns, capacity).map_or(0, |range| range.end);
            prop_assert!(end <= plans.total * capacity);
        }
    }

    /// What a layer reads and writes when it goes backward, and what is still to be read after.
    #[test]
    fn gradients_overwrite_only_what_backward_has_done_with(
        needs in stacks(), columns in 1usize..4, spare in 0usize..3,
    ) {
        let (plans, capacity) = (Plans::new(needs), columns + spare);
        let value = |i: usize| plans.values.range(i, columns, capacity);
        let gradient = |i: usize| plans.gradients.range(i, columns, capacity);
        for layer in 2..VALUES {
            let (dx, dy) = (gradient(layer - 1), gradient(layer));
            if needs[layer].in_place {
                prop_assert_eq!(&dx, &dy);
            } else {
                prop_assert!(dx.is_some());
                if let (Some(dx), Some(dy)) = (&dx, &dy) {
                    prop_assert!(!overlap(dx, dy), "gradients around {layer} of {needs:?}");
                }
            }
            let own = needs[layer].needs_output.then(|| value(layer)).flatten();
            for kept in (1..layer).filter_map(value).chain(own) {
                for gradient in dx.iter().chain(&dy) {
                    prop_assert!(!overlap(&kept, gradient), "layer {layer} of {needs:?}");
                    prop_assert!(gradient.end <= plans.total * capacity);
                }
            }
        }
    }

    /// At most as much as regions of their own for the gradients would take.
    #[test]
    fn gradients_cost_no_more_than_two_regions(needs in stacks()) {
        let kept: usize = {
            let values = Plans::new(needs).values;
            let start = |i| values.range(i, 1, 1).map(|range| (range.start, needs[i].size));
            let mut places: Vec<_> = (0..VALUES).filter_map(start).collect();
            places.dedup_by_key(|place| place.0);
            places.iter().map(|place| place.1.next_multiple_of(16)).sum()
        };
        let most = kept + Plan::alternate(needs).total;
        prop_assert!(Plans::new(needs).total <= most, "{needs:?}");
    }

    #[test]
    fn neighbours_in_turn_are_apart_unless_the_layer_between_works_in_place(
        needs in stacks(), columns in 1usize..4, spare in 0usize..3,
    ) {
        let (plan, capacity) = (Plan::alternate(needs), columns + spare);
        for i in 1..VALUES - 1 {
            let (a, b) = (plan.range(i, columns, capacity), plan.range(i + 1, columns, capacity));
            if needs[i + 1].in_place {
                prop_assert_eq!(&a, &b);
            } else if let (Some(a), Some(b)) = (&a, &b) {
                prop_assert!(!overlap(a, b), "values {i} and {} of {needs:?}", i + 1);
            } else {
                prop_assert!(a.is_some(), "value {i} is the caller's: {needs:?}");
            }
            prop_assert!(a.is_none_or(|a| a.end <= plan.total * capacity));
        }
    }

    #[test]
    fn the_first_and_the_last_value_are_the_callers(needs in stacks()) {
        let plans = Plans::new(needs);
        for plan in [plans.values, plans.gradients, Plan::alternate(needs)] {
            prop_assert_eq!([plan.range(0, 1, 1), plan.range(VALUES - 1, 1, 1)], [None, None]);
        }
    }
}
