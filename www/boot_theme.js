/* Runs before the first paint, so that a dark page never flashes white. */
import { Theme } from './view/theme.js';

new Theme().apply();
