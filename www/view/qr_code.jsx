/* A QR code, drawn as one path: the page's policy allows neither inserted HTML nor foreign images.
 * `uqr` because it has no dependencies and returns the modules themselves; its 10 kB are loaded on demand. */
import { encode } from 'uqr';

const BORDER = 2;

/** @param {{ text: string, label: string }} props label: for screen readers */
export function QrCode({ text, label }) {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER });
  const path = data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
