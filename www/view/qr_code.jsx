/* A QR code, drawn as one path: the policy of the page allows neither foreign HTML nor images from elsewhere.
 * `uqr` because it depends on nothing and gives the dark and light modules themselves, in 10 kB that are fetched when wanted. */
import { encode } from 'uqr';

const BORDER = 2;

/** @param {{ text: string, label: string }} props label: what it is, for those who cannot see it */
export function QrCode({ text, label }) {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER });
  const path = data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
