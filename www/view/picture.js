/* Makes a picture that the server accepts from a chosen file: square, cropped around the centre, small. */

const SIDE_PX = 256;
/** As on the server: fields.h. */
const BYTES_MAX = 64 * 1024;
/** WebP if the browser can write it (otherwise it gives a PNG); JPEG is always small, but has no transparency. */
const TRIES = /** @type {[string, number][]} */ ([
  ['image/webp', 0.9],
  ['image/webp', 0.75],
  ['image/png', 1],
  ['image/jpeg', 0.85],
  ['image/jpeg', 0.6],
]);

/**
 * @param {Blob} file
 * @returns {Promise<string>} a data: URL. Rejects with an Error whose message is for people
 */
export async function squarePicture(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) throw new Error("This browser can't read that file as a picture. Try a PNG, JPEG or WebP.");
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE_PX;
  const side = Math.min(picture.width, picture.height);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.imageSmoothingQuality = 'high';
  const draw = () => {
    pen.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE_PX, SIDE_PX);
  };
  draw();
  for (const [type, quality] of TRIES) {
    if (type === 'image/jpeg') {
      pen.fillStyle = '#ffffff';
      pen.fillRect(0, 0, SIDE_PX, SIDE_PX);
      draw();
    }
    const url = canvas.toDataURL(type, quality);
    if (url.startsWith(`data:${type};`) && base64Of(url).length * 0.75 <= BYTES_MAX) return url;
  }
  throw new Error('This picture is too large. Try another one.');
}

/** The part of a data: URL that the server takes. @param {string} url */
export function base64Of(url) {
  return url.slice(url.indexOf(',') + 1);
}
