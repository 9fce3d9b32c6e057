//! Maps as SVG that the server draws: districts, and dots for what is in them. No tiles, no script.

use domain::geography::{Boundary, Latitude, Longitude};

use super::layout::Page;

/// How wide a map is, in its own units.
const WIDTH: f64 = 1000.0;
/// A map of nothing but a few dots shows at least this many degrees.
const SMALLEST: f64 = 0.02;

/// The lowest map, in the same units; there is no highest, or something would be cut off.
const LOWEST: f64 = 300.0;

/// A point: degrees east and north.
type Point = (f64, f64);

/// A district of a map.
pub struct Area {
    /// What its title says.
    pub title: String,
    /// Where a click leads.
    pub href: Option<String>,
    /// How it is filled: `s0` to `s5`, `unknown`, `chosen` or nothing.
    pub class: &'static str,
    /// Its rings.
    pub rings: Vec<Vec<Point>>,
}

/// A dot of a map.
pub struct Dot {
    /// What its title says.
    pub title: String,
    /// Where a click leads.
    pub href: String,
    /// What it means: `good`, `bad`, `wait` or `none`; each has a shape of its own.
    pub tone: &'static str,
    /// Where it is.
    pub at: Point,
}

/// A map that can be drawn.
pub struct Map {
    /// How high it is.
    pub height: i64,
    /// The districts as paths.
    pub areas: Vec<Drawn>,
    /// The dots as paths.
    pub dots: Vec<Drawn>,
}

/// A shape of a map.
pub struct Drawn {
    /// What its title says.
    pub title: String,
    /// Where a click leads; empty = nowhere.
    pub href: String,
    /// Its class.
    pub class: &'static str,
    /// The data of its path.
    pub path: String,
}

/// The rings of a boundary.
#[must_use]
pub fn rings(boundary: &Boundary) -> Vec<Vec<Point>> {
    let Boundary::Polygon { coordinates } = boundary;
    let degrees = |ring: &Vec<(Longitude, Latitude)>| {
        let points = ring.iter();
        points
            .map(|(east, north)| (east.degrees(), north.degrees()))
            .collect()
    };
    coordinates.iter().map(degrees).collect()
}

impl Map {
    /// Draws a map in the plane: at this size the globe is flat, with degrees east shortened.
    #[must_use]
    pub fn draw(areas: Vec<Area>, dots: Vec<Dot>) -> Option<Self> {
        let corners = areas.iter().flat_map(|area| area.rings.iter().flatten());
        let frame = Frame::around(corners.chain(dots.iter().map(|dot| &dot.at)).copied())?;
        let areas = areas.into_iter().map(|area| Drawn {
            path: area.rings.iter().map(|ring| frame.path(ring)).collect(),
            title: area.title,
            href: area.href.unwrap_or_default(),
            class: area.class,
        });
        let dots = dots.into_iter().map(|dot| Drawn {
            path: shape(dot.tone, frame.place(dot.at)),
            title: dot.title,
            href: dot.href,
            class: dot.tone,
        });
        Some(Self {
            height: whole(frame.height),
            areas: areas.collect(),
            dots: dots.collect(),
        })
    }
}

struct Frame {
    west: f64,
    north: f64,
    scale: f64,
    narrowing: f64,
    height: f64,
}

impl Frame {
    fn around(points: impl Iterator<Item = Point>) -> Option<Self> {
        let mut bounds: Option<(f64, f64, f64, f64)> = None;
        for (east, north) in points {
            let (w, s, e, n) = bounds.unwrap_or((east, north, east, north));
            bounds = Some((w.min(east), s.min(north), e.max(east), n.max(north)));
        }
        let (west, south, east, north) = bounds?;
        let narrowing = f64::midpoint(south, north).to_radians().cos().max(0.1);
        let margin = SMALLEST.max((east - west).max(north - south) * 0.06) / 2.0;
        let (west, east) = (west - margin, east + margin);
        let (south, north) = (south - margin, north + margin);
        let scale = WIDTH / ((east - west) * narrowing);
        Some(Self {
            west,
            north,
            scale,
            narrowing,
            height: ((north - south) * scale).max(LOWEST),
        })
    }

    fn place(&self, (east, north): Point) -> Point {
        let x = (east - self.west) * self.narrowing * self.scale;
        let y = (self.north - north) * self.scale;
        (x, y)
    }

    fn path(&self, ring: &[Point]) -> String {
        let mut path = String::new();
        let mut last = None;
        for point in ring {
            let (x, y) = self.place(*point);
            let place = (whole(x), whole(y));
            if last != Some(place) {
                let verb = if last.is_none() { 'M' } else { 'L' };
                let step = format!("{verb}{} {}", place.0, place.1);
                path.push_str(&step);
            }
            last = Some(place);
        }
        path.push('Z');
        path
    }
}

/// A circle is open, a square is closed, a diamond is not known.
fn shape(tone: &str, (x, y): Point) -> String {
    let (x, y) = (whole(x), whole(y));
    match tone {
        "good" => format!("M{} {y}a13 13 0 1 0 26 0a13 13 0 1 0 -26 0Z", x - 13),
        "bad" => format!("M{} {}h20v20h-20Z", x - 10, y - 10),
        _ => format!("M{x} {}l14 14l-14 14l-14 -14Z", y - 14),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a place on a map of a thousand units"
)]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

impl Page {
    /// What a map is called for those who do not see it.
    #[must_use]
    pub fn map_label(&self, map: &Map) -> String {
        self.n("map-label", map.dots.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_no_map() {
        assert!(Map::draw(vec![], vec![]).is_none());
    }

    #[test]
    fn north_is_up_and_everything_is_inside() {
        let dot = |at| Dot {
            title: "x".into(),
            href: "/".into(),
            tone: "bad",
            at,
        };
        let map = Map::draw(vec![], vec![dot((14.4, 50.1)), dot((14.5, 50.0))]).expect("a map");
        let corner = |place: usize| -> Vec<i64> {
            let path = map.dots[place].path.trim_start_matches('M');
            let corner = path.split('h').next().expect("a corner");
            corner
                .split(' ')
                .map(|n| n.parse().expect("a number"))
                .collect()
        };
        assert!(corner(0)[0] < corner(1)[0]);
        assert!(corner(0)[1] < corner(1)[1]);
        assert!(
            corner(0)
                .iter()
                .chain(&corner(1))
                .all(|n| (0..map.height).contains(n))
        );
    }
}
