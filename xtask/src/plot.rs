//! Draws what strategies spend on each row, by how many rows there are.

use std::path::Path;

use plotters::prelude::*;

use crate::process::Failure;

/// A strategy, or the planner's choice.
pub(crate) struct Series {
    pub(crate) name: String,
    /// Rows, and microseconds for each of them.
    pub(crate) points: Vec<(f64, f64)>,
}

/// Lines over the same numbers of columns.
pub(crate) struct Panel {
    pub(crate) title: String,
    /// What the lines show.
    pub(crate) measure: &'static str,
    pub(crate) strategies: Vec<Series>,
    pub(crate) choice: Option<Series>,
}

const COLORS: [RGBColor; 6] = [
    RGBColor(0x1f, 0x77, 0xb4),
    RGBColor(0xd6, 0x27, 0x28),
    RGBColor(0x2c, 0xa0, 0x2c),
    RGBColor(0x94, 0x67, 0xbd),
    RGBColor(0xff, 0x7f, 0x0e),
    RGBColor(0x8c, 0x56, 0x4b),
];

const FONT: &str = "sans-serif";

/// The room of a panel, and how much of it names the lines.
const WIDTH: u32 = 610;
const NAMES: u32 = 140;

/// Writes panels side by side into a file.
pub(crate) fn draw(file: &Path, panels: &[Panel]) -> Result<(), Failure> {
    let failed =
        |error: DrawingAreaErrorKind<std::io::Error>| Failure::new(format!("drawing {}: {error}", file.display()));
    let width = u32::try_from(panels.len()).unwrap_or(1) * WIDTH;
    let area = SVGBackend::new(file, (width, 400)).into_drawing_area();
    area.fill(&WHITE).map_err(failed)?;
    for (panel, area) in panels.iter().zip(area.split_evenly((1, panels.len()))) {
        draw_panel(panel, &area).map_err(failed)?;
    }
    area.present().map_err(failed)
}

fn draw_panel(
    panel: &Panel,
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let all = || panel.strategies.iter().flat_map(|series| series.points.iter());
    let [rows, times] = [all().map(|point| point.0).collect::<Vec<_>>(), all().map(|point| point.1).collect()];
    let range = |numbers: Vec<f64>| {
        let least = numbers.iter().copied().fold(f64::MAX, f64::min);
        let most = numbers.iter().copied().fold(f64::MIN, f64::max);
        (least * 0.8..most * 1.25).log_scale()
    };
    let (lines, names) = area.split_horizontally(WIDTH - NAMES);
    let mut chart = ChartBuilder::on(&lines)
        .caption(&panel.title, (FONT, 20))
        .margin(8)
        .x_label_area_size(45)
        .y_label_area_size(60)
        .build_cartesian_2d(range(rows), range(times))?;
    let mut mesh = chart.configure_mesh();
    mesh.x_desc("rows").y_desc(panel.measure).label_style((FONT, 15));
    mesh.x_label_formatter(&|rows| format!("{rows}")).y_label_formatter(&|number| format!("{number}"));
    mesh.y_labels(30).light_line_style(TRANSPARENT).draw()?;
    let colored = || panel.strategies.iter().zip(COLORS.into_iter().cycle());
    for (series, color) in colored() {
        let line = LineSeries::new(series.points.iter().copied(), color.stroke_width(2)).point_size(2);
        chart.draw_series(line)?;
    }
    let thin = BLACK.stroke_width(1);
    if let Some(Series { name: _, points }) = &panel.choice {
        chart.draw_series(points.iter().map(|at| Circle::new(*at, 6, thin)))?;
    }
    // the names stand beside the lines, so that they cover none
    let keys = colored().map(|(series, color)| (series, Some(color)));
    let keys = keys.chain(panel.choice.iter().map(|choice| (choice, None)));
    for ((series, color), height) in keys.zip((40..).step_by(20)) {
        names.draw(&Text::new(series.name.as_str(), (24, height - 7), (FONT, 15)))?;
        match color {
            Some(color) => names.draw(&PathElement::new([(0, height), (16, height)], color.stroke_width(2)))?,
            None => names.draw(&Circle::new((8, height), 5, thin))?,
        }
    }
    Ok(())
}
