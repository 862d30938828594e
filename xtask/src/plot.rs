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

const COLORS: [RGBColor; 5] = [
    RGBColor(0x1f, 0x77, 0xb4),
    RGBColor(0xd6, 0x27, 0x28),
    RGBColor(0x2c, 0xa0, 0x2c),
    RGBColor(0x94, 0x67, 0xbd),
    RGBColor(0xff, 0x7f, 0x0e),
];

const FONT: &str = "sans-serif";

/// Writes panels side by side into a file.
pub(crate) fn draw(file: &Path, panels: &[Panel]) -> Result<(), Failure> {
    let failed =
        |error: DrawingAreaErrorKind<std::io::Error>| Failure::new(format!("drawing {}: {error}", file.display()));
    let width = u32::try_from(panels.len()).unwrap_or(1) * 480;
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
    let mut chart = ChartBuilder::on(area)
        .caption(&panel.title, (FONT, 20))
        .margin(8)
        .x_label_area_size(45)
        .y_label_area_size(60)
        .build_cartesian_2d(range(rows), range(times))?;
    let mut mesh = chart.configure_mesh();
    mesh.x_desc("rows").y_desc(panel.measure).label_style((FONT, 15));
    mesh.x_label_formatter(&|rows| format!("{rows}")).y_label_formatter(&|number| format!("{number}"));
    mesh.y_labels(30).light_line_style(TRANSPARENT).draw()?;
    for (series, color) in panel.strategies.iter().zip(COLORS) {
        let line = LineSeries::new(series.points.iter().copied(), color.stroke_width(2)).point_size(2);
        let key = move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2));
        chart.draw_series(line)?.label(&series.name).legend(key);
    }
    let circle = |at| Circle::new(at, 6, BLACK.stroke_width(1));
    if let Some(Series { name, points }) = &panel.choice {
        let key = |(x, y)| Circle::new((x + 8, y), 5, BLACK.stroke_width(1));
        chart.draw_series(points.iter().map(|at| circle(*at)))?.label(name).legend(key);
    }
    let mut legend = chart.configure_series_labels();
    legend.position(SeriesLabelPosition::LowerLeft).background_style(WHITE.mix(0.8)).border_style(BLACK.mix(0.2));
    legend.label_font((FONT, 15)).draw()
}
