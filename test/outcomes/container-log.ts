/** `2026-11-23T02:00:09.123456789Z stdout F text`: what a container runtime writes for each piece of a line. */
const runtimeLine = /^\d{4}-\d\d-\d\dT\S{8,40} (?:stdout|stderr) ([FP])(?: |$)/;
/** What `kubectl logs --timestamps` sets before each line. */
const stampedLine = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20} /;

/** What the container printed, of a log as `kubectl logs` shows it, with or without timestamps, or as it lies on the node. */
export function containerOutput(log: string): string {
  const lines = log.split('\n');
  const first = lines[0] ?? '';
  if (runtimeLine.test(first)) return lines.map(runtimeText).join('');
  if (stampedLine.test(first)) return lines.map((line) => line.replace(stampedLine, '')).join('\n');
  return log;
}

/** A line of a container above 16 KiB lies there in pieces, of which only the last is marked as full. */
function runtimeText(line: string): string {
  const head = runtimeLine.exec(line);
  if (head === null) return line;
  return `${line.slice(head[0].length)}${head[1] === 'F' ? '\n' : ''}`;
}
