// Draws each person's way: one line trace for all, and one trace of dots for each status, all on the GPU.
function show(study, chart) {
  const words = study.words;
  const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const two = (number) => String(number).padStart(2, "0");
  const when = (seconds) => {
    const time = new Date(seconds * 1000);
    const day = `${time.getUTCFullYear()}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`;
    return `${day} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
  };
  const span = (seconds) => {
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
    return `${Math.round(seconds / 86400)} d`;
  };
  const about = ([dialogue, start, end, lasted, ended, last]) => {
    const lines = [`<b>${escape(study.dialogues[dialogue])}</b>`, `${words.begin}: ${when(start)}`];
    lines.push(`${words.end}: ${end === null ? words.still_open : when(end) + (ended ? "" : ` (${words.unfinished})`)}`);
    if (lasted !== null) lines.push(`${words.duration}: ${span(lasted)}`);
    if (study.messages[last]) lines.push(`${words.last_message}: ${escape(study.messages[last])}`);
    return lines.join("<br>");
  };
  // People lie beside each other in the row of a dialogue, each at the same height in every row.
  const height = (dialogue, number) => dialogue + (((number * 0.618034) % 1) - 0.5) * 0.7;

  const many = study.people.reduce((sum, person) => sum + person[2].length, 0) > 5000;

  function traces() {
    const line = { x: [], y: [], type: "scattergl", mode: "lines", hoverinfo: "skip", showlegend: false };
    line.line = { color: `rgba(90,90,90,${many ? 0.18 : 0.5})`, width: 1 };
    const dots = study.statuses.map((status) => ({
      ...{ x: [], y: [], text: [], type: "scattergl", mode: "markers", name: status.name },
      ...{ hovertemplate: "%{text}<extra></extra>", marker: { color: status.colour, size: many ? 4 : 7, opacity: many ? 0.7 : 0.9 } },
    }));
    let people = 0;
    study.people.forEach(([status, language, runs], number) => {
      if (!chosen("status", status) || !chosen("language", language)) return;
      people += 1;
      for (const run of runs) {
        const [x, y] = [new Date(run[1] * 1000).toISOString().slice(0, 19), height(run[0], number)];
        line.x.push(x), line.y.push(y);
        dots[status].x.push(x), dots[status].y.push(y), dots[status].text.push(about(run));
      }
      line.x.push(null), line.y.push(null);
    });
    document.getElementById("shown").textContent = words.note.replace("{shown}", people);
    return [line, ...dots.filter((trace) => trace.x.length)];
  }
  const chosen = (kind, number) => document.querySelector(`input[name="${kind}"][value="${number}"]`).checked;

  function filter(kind, title, names) {
    const box = document.createElement("fieldset");
    box.append(Object.assign(document.createElement("legend"), { textContent: title }));
    names.forEach((name, value) => {
      const label = document.createElement("label");
      label.append(Object.assign(document.createElement("input"), { type: "checkbox", name: kind, value, checked: true }));
      label.append(` ${name}`);
      box.append(label);
    });
    document.getElementById("filters").append(box);
  }
  filter("status", words.status, study.statuses.map((status) => status.name));
  filter("language", words.language, study.languages);

  const names = study.dialogues.map((name) => escape(name.length > 28 ? `${name.slice(0, 27)}…` : name));
  const layout = {
    ...{ hovermode: "closest", margin: { l: 10, r: 10, t: 10, b: 40 }, legend: { orientation: "h", y: 1.04 } },
    xaxis: { type: "date", automargin: true, ...(words.dates ? { tickformat: words.dates } : {}) },
    yaxis: { tickvals: names.map((_, number) => number), ticktext: names, automargin: true, zeroline: false },
    ...{ plot_bgcolor: "#fff", uirevision: "same", annotations: [] },
  };
  layout.yaxis.range = [names.length - 0.4, -0.6];
  if (!study.people.length) {
    const empty = { text: words.nobody, showarrow: false, xref: "paper", yref: "paper", x: 0.5, y: 0.5 };
    Object.assign(layout, { annotations: [{ ...empty, font: { size: 18 } }], xaxis: { visible: false } });
    layout.yaxis.visible = false;
  }
  const options = { responsive: true, displaylogo: false, scrollZoom: true };
  Plotly.newPlot(chart, traces(), layout, options);
  document.getElementById("filters").addEventListener("change", () => Plotly.react(chart, traces(), layout, options));
}
