// @ts-check
/** Three portraits, one of whom winks: a strip on the last screen, prints on the first. */
import { html } from "../../vendor/ui.js";

/** Each with the colour behind it, on 252 by 252 units. */
const SCENES = [
  {
    tone: "tone-a",
    picture: html`
      <path class="dark" d="M58 252c0-46 30-66 68-66s68 20 68 66z" />
      <path class="dark" d="M62 118a64 64 0 0 1 128 0v44a22 22 0 0 1-22 22H84a22 22 0 0 1-22-22z" />
      <circle class="skin-a" cx="126" cy="126" r="52" />
      <path class="dark" d="M74 118c30 0 62-12 72-40 6 20 18 32 32 36v-20l-30-26-50 2-24 26z" />
      <circle class="dark" cx="108" cy="126" r="6" />
      <g class="wink"><circle class="dark" cx="146" cy="126" r="6" /></g>
      <path class="line" d="M104 146q22 22 44 0" />`,
  },
  {
    tone: "tone-b",
    picture: html`
      <path class="light" d="M50 252c0-44 30-62 76-62s76 18 76 62z" />
      <circle class="skin-b" cx="126" cy="128" r="56" />
      <path class="dark" d="M70 116a56 56 0 0 1 112 0q-56-34-112 0z" />
      <circle class="glass" cx="102" cy="130" r="21" /><circle class="glass" cx="150" cy="130" r="21" />
      <path class="thin" d="M123 128h6" />
      <circle class="dark" cx="104" cy="131" r="6" /><circle class="dark" cx="148" cy="131" r="6" />
      <path class="dark" d="M104 158h44a22 20 0 0 1-44 0z" />`,
  },
  {
    tone: "tone-c",
    picture: html`
      <path class="pop" d="M14 252c0-40 24-56 60-56s60 16 60 56z" />
      <path class="dark" d="M120 252c0-44 24-62 62-62s62 18 62 62z" />
      <circle class="skin-a" cx="78" cy="150" r="46" />
      <path class="pop" d="M32 146a46 46 0 0 1 92-2c-26 2-46-8-56-22-6 14-18 22-36 24z" />
      <circle class="skin-c" cx="176" cy="132" r="50" />
      <path class="dark" d="M126 130a50 50 0 0 1 100 0c-22-2-40-12-50-24-10 12-28 22-50 24z" />
      <path class="line" d="M58 152q6-7 12 0M84 152q6-7 12 0M62 168q16 18 32 0" />
      <circle class="dark" cx="160" cy="134" r="6" /><circle class="dark" cx="196" cy="134" r="6" />
      <path class="dark" d="M160 152h36a18 17 0 0 1-36 0z" />`,
  },
];

export const PORTRAITS = SCENES.length;

/** One of them, filling its print. @param {{nth: number, bare: boolean}} props `bare`: before another
 * ground */
export const Portrait = ({ nth, bare }) => {
  const scene = SCENES[nth];
  return html`
    <svg class="picture portrait" viewBox="-24 -126 300 378" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      ${!bare && html`<rect class=${scene?.tone} x="-600" y="-1200" width="1500" height="2400" />`}${scene?.picture}
    </svg>`;
};

export const Strip = () => html`
  <svg class="strip" viewBox="0 0 300 860" aria-hidden="true">
    <rect class="paper" width="300" height="860" rx="10" />
    ${SCENES.map(
      ({ tone, picture }, nth) => html`
        <g transform="translate(24 ${24 + 276 * nth})">
          <rect class=${tone} width="252" height="252" rx="6" />${picture}
        </g>`,
    )}
  </svg>`;
