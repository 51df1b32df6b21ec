// Reads tables of the documentation.

/** The rows, by column, of every table whose head has these words. */
export function tableRows(page, head) {
  const lines = page.split("\n");
  return lines.flatMap((line, at) => {
    if (!line.startsWith("| ") || !line.includes(head) || !lines[at + 1]?.startsWith("| ---")) return [];
    const columns = cells(line);
    const rest = lines.slice(at + 2);
    const end = rest.findIndex((row) => !row.startsWith("|"));
    const rows = end < 0 ? rest : rest.slice(0, end);
    return rows.map((row) => Object.fromEntries(cells(row).map((cell, column) => [columns[column], cell])));
  });
}

function cells(row) {
  const inner = row.replace(/^\| | \|$/g, "");
  return inner.split(/ \| /).map((cell) => cell.replaceAll("\\|", "|"));
}
