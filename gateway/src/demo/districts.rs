//! The 57 districts of Prague: official codes, names, centroids and population at the end of 2019,
//! all real; with schematic shapes, the Voronoi cells of the centroids.

use anyhow::Context;
use serde::Deserialize;

/// Code, name, centroid and population; Czech Statistical Office and RÚIAN.
const CSV: &str = include_str!("districts-praha.csv");
/// How far the schematic city reaches beyond its outermost centroid, in degrees of latitude.
const MARGIN: f64 = 0.015;

/// A district.
#[derive(Clone, Debug, Deserialize)]
pub struct District {
    /// The official code.
    pub code: String,
    /// The name.
    pub name: String,
    /// Of the centroid, WGS 84.
    pub latitude: f64,
    /// Of the centroid, WGS 84.
    pub longitude: f64,
    /// At the end of 2019.
    pub population: u32,
}

/// A point on a plane where one unit is a degree of latitude in both directions.
type Point = (f64, f64);

/// All districts.
///
/// # Errors
/// If the data that was compiled in is damaged.
pub fn all() -> anyhow::Result<Vec<District>> {
    let mut reader = csv::Reader::from_reader(CSV.as_bytes());
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .context("reading the districts")
}

/// The schematic shape of a district: what lies nearer to its centroid than to any other's, within
/// a frame around the city. Closed, counter-clockwise, longitude before latitude.
#[must_use]
pub fn shape(district: &District, all: &[District]) -> Vec<(f64, f64)> {
    let scale = scale(all);
    let flat = |district: &District| (district.longitude * scale, district.latitude);
    let centre = flat(district);
    let mut cell = frame(&all.iter().map(flat).collect::<Vec<_>>());
    for other in all.iter().filter(|other| other.code != district.code) {
        cell = nearer(&cell, centre, flat(other));
    }
    let mut ring: Vec<_> = cell.iter().map(|(x, y)| (x / scale, *y)).collect();
    ring.extend(ring.first().copied());
    ring
}

/// How many degrees of latitude a degree of longitude is worth here.
fn scale(all: &[District]) -> f64 {
    let count = f64::from(u32::try_from(all.len()).unwrap_or(u32::MAX).max(1));
    let mean = all.iter().map(|district| district.latitude).sum::<f64>() / count;
    mean.to_radians().cos()
}

/// An octagon around all centroids: closer to the city than a box.
fn frame(points: &[Point]) -> Vec<Point> {
    let corners: Vec<Point> = vec![(-1e3, -1e3), (1e3, -1e3), (1e3, 1e3), (-1e3, 1e3)];
    (0..8)
        .map(|eighth| f64::from(eighth) * std::f64::consts::FRAC_PI_4)
        .fold(corners, |cell, angle| {
            let normal = (angle.cos(), angle.sin());
            let reach = points
                .iter()
                .map(|point| dot(*point, normal))
                .fold(f64::MIN, f64::max);
            below(&cell, normal, reach + MARGIN)
        })
}

/// The part of a convex cell that is nearer to `centre` than to `other`.
fn nearer(cell: &[Point], centre: Point, other: Point) -> Vec<Point> {
    let normal = (other.0 - centre.0, other.1 - centre.1);
    let middle = (
        f64::midpoint(centre.0, other.0),
        f64::midpoint(centre.1, other.1),
    );
    below(cell, normal, dot(middle, normal))
}

/// The part of a convex cell on the near side of a line (Sutherland and Hodgman).
fn below(cell: &[Point], normal: Point, limit: f64) -> Vec<Point> {
    let mut part = Vec::with_capacity(cell.len() + 1);
    for (index, from) in cell.iter().enumerate() {
        let to = &cell[(index + 1) % cell.len()];
        let (before, after) = (dot(*from, normal) - limit, dot(*to, normal) - limit);
        if before <= 0.0 {
            part.push(*from);
        }
        if (before < 0.0 && after > 0.0) || (before > 0.0 && after < 0.0) {
            let share = before / (before - after);
            part.push((
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            ));
        }
    }
    part
}

fn dot(a: Point, b: Point) -> f64 {
    a.0 * b.0 + a.1 * b.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prague_has_57_districts_and_1_324_277_inhabitants() {
        let all = all().expect("the data");
        assert_eq!(all.len(), 57);
        assert_eq!(
            all.iter().map(|district| district.population).sum::<u32>(),
            1_324_277
        );
    }

    #[test]
    fn every_shape_is_closed_and_holds_its_own_centroid_only() {
        let all = all().expect("the data");
        for district in &all {
            let ring = shape(district, &all);
            assert!(
                ring.len() >= 4 && ring.first() == ring.last(),
                "{}",
                district.name
            );
            let inside = |other: &&District| holds(&ring, (other.longitude, other.latitude));
            let held: Vec<_> = all.iter().filter(inside).map(|other| &other.code).collect();
            assert_eq!(held, [&district.code]);
        }
    }

    /// Whether a convex, counter-clockwise ring holds a point.
    fn holds(ring: &[Point], point: Point) -> bool {
        ring.windows(2).all(|side| {
            let (from, to) = (side[0], side[1]);
            (to.0 - from.0) * (point.1 - from.1) - (to.1 - from.1) * (point.0 - from.0) >= 0.0
        })
    }
}
