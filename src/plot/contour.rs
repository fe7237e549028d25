//! Contour lines by marching squares.

use std::collections::HashMap;
use std::vec;
use std::vec::Vec;

/// Values on a square grid of `nodes` x `nodes` nodes, row by row.
pub(super) struct Field {
    pub nodes: usize,
    pub values: Vec<f64>,
}

/// An edge between two neighbouring nodes: the first of them, and whether it leads to the next row.
type Edge = (usize, bool);

impl Field {
    /// The lines along which the field has the value `level`, as points in shares of the grid:
    /// column first. Cells at a value that is not finite have no lines.
    pub fn contour(&self, level: f64) -> Vec<Vec<(f64, f64)>> {
        // Each edge that a contour crosses, with the crossings it is joined to: one or two.
        let mut joined: HashMap<Edge, Vec<Edge>> = HashMap::new();
        let mut order = Vec::new();
        for row in 0..self.nodes - 1 {
            for column in 0..self.nodes - 1 {
                for (a, b) in self.segments(row * self.nodes + column, level) {
                    joined.entry(a).or_default().push(b);
                    joined.entry(b).or_default().push(a);
                    order.extend([a, b]);
                }
            }
        }
        // Open lines from their ends first; what is left are closed ones, from anywhere.
        let ends: Vec<Edge> =
            order.iter().copied().filter(|edge| joined[edge].len() == 1).collect();
        let mut lines = Vec::new();
        for start in ends.into_iter().chain(order) {
            let mut line = vec![self.crossing(start, level)];
            let mut at = start;
            while let Some(next) = joined.get_mut(&at).and_then(Vec::pop) {
                if let Some(back) = joined.get_mut(&next) {
                    back.retain(|edge| *edge != at);
                }
                line.push(self.crossing(next, level));
                at = next;
            }
            if line.len() > 1 {
                lines.push(line);
            }
        }
        lines
    }

    /// The pairs of edges that the contour joins in the cell whose first node is `node`.
    fn segments(&self, node: usize, level: f64) -> Vec<(Edge, Edge)> {
        let corners = [node, node + 1, node + self.nodes + 1, node + self.nodes];
        let values = corners.map(|corner| self.values[corner]);
        if !values.iter().all(|value| value.is_finite()) {
            return Vec::new();
        }
        let edges = [(node, false), (node + 1, true), (node + self.nodes, false), (node, true)];
        let above = values.map(|value| value >= level);
        let crossed: Vec<Edge> =
            (0..4).filter(|&i| above[i] != above[(i + 1) % 4]).map(|i| edges[i]).collect();
        match crossed[..] {
            [a, b] => vec![(a, b)],
            // A saddle: the centre tells which two corners are connected.
            [a, b, c, d] if (values.iter().sum::<f64>() / 4.0 >= level) == above[0] => {
                vec![(a, b), (c, d)]
            }
            [a, b, c, d] => vec![(d, a), (b, c)],
            _ => Vec::new(),
        }
    }

    /// Where on its edge the field has the value `level`, linearly between the nodes.
    fn crossing(&self, (node, down): Edge, level: f64) -> (f64, f64) {
        let next = if down { node + self.nodes } else { node + 1 };
        let share = (level - self.values[node]) / (self.values[next] - self.values[node]);
        let (row, column) = ((node / self.nodes) as f64, (node % self.nodes) as f64);
        let last = (self.nodes - 1) as f64;
        match down {
            true => (column / last, (row + share) / last),
            false => ((column + share) / last, row / last),
        }
    }
}
