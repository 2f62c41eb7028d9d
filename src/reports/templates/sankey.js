// The chart comes whole from plotly's Python side.
function show(figure, chart) {
  Plotly.newPlot(chart, figure.data, figure.layout, { responsive: true, displaylogo: false, displayModeBar: false });
}
