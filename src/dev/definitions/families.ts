/** The families that are derived from a public XDF: which XDF, which factory images, what the image showed. */
import type { XdfFamily } from './from-xdf.ts';

export interface XdfSource extends XdfFamily {
  /** Paths under the corpus. */
  xdf: string;
  images: { path: string; source: string; restricted?: boolean }[];
}

const HONDA = {
  imageBytes: 262_144,
  byteOrder: 'big' as const,
  sum8: true,
  shifts: [] as XdfFamily['shifts'],
  shiftBytes: 0,
};
const UPSKK = 'uPSKK13/HondaEcu';

export const xdfFamilies: XdfSource[] = [
  {
    ...HONDA,
    id: 'honda-38770-mge-773',
    title: 'Honda VFR1200F, Keihin 38770-MGE-773',
    ecu: { maker: 'Keihin', family: '38770-MGE', partNumber: ['38770-MGE-773'] },
    motorcycles: ['honda/vfr1200f-2010-2017'],
    sources: [
      'addresses and scalings: elitexen/HondaECU, XDF of 38770-MGE-773; axes confirmed rising on the factory image (34 of 34)',
    ],
    imageBytes: 1_048_576,
    identifiers: [{ at: 0x7ff5c, text: 'MGEA30H' }],
    xdf: 'xdf-bin/vfr1200f-mge/HONDA_VFR1200F_38770-MGE-773.xdf',
    images: [{ path: 'xdf-bin/vfr1200f-mge/38770-MGE-773.bin', source: 'elitexen/HondaECU, stock folder' }],
    leaveOut: /^(Unknown type|ECU ID|Checksum)/,
    restate: [{ titles: /^TBW \(ETV\)/, unit: '%', scale: '1/132.48' }],
  },
  {
    ...HONDA,
    id: 'honda-38770-mgp-a01',
    title: 'Honda CBR1000RR 2012-2013, Keihin 38770-MGP (MGPA107)',
    ecu: { maker: 'Keihin', family: '38770-MGP', partNumber: ['38770-MGP-A01', '38770-MGP-D01'] },
    motorcycles: ['honda/cbr1000rr-2008-2016'],
    sources: [
      'addresses and scalings: public XDF CBR1000RR_2012_US (HondaECU community); axes confirmed rising on A01 and D01 (33 of 33)',
    ],
    identifiers: [{ at: 0x3ffde, text: 'MGPA107' }],
    xdf: 'xdf-bin/cbr1000rr-mgp/CBR1000RR_2012_US.xdf',
    images: [
      { path: 'xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin', source: 'HondaECU community, stock US' },
      { path: 'xdf-bin/cbr1000rr-mgp/38770-MGP-D01.bin', source: 'HondaECU community, stock' },
      // France until 2016: 106 hp, limiter 12,300 rpm.
      { path: 'bin-nodef/honda-keihin/38770-MGP-F01.bin', source: UPSKK, restricted: true },
    ],
  },
  {
    ...HONDA,
    id: 'honda-38770-mgz',
    title: 'Honda CBR500R 2013-2016, Keihin 38770-MGZ (MGZA401)',
    ecu: {
      maker: 'Keihin',
      family: '38770-MGZ',
      partNumber: ['38770-MGZ-A03', '38770-MGZ-C02', '38770-MGZ-C03', '38770-MGZ-D02'],
    },
    motorcycles: ['honda/cbr500r-2013-2018'],
    sources: [
      'addresses and scalings: uPSKK13/HondaEcu, XDF 38770-MGZ; axes confirmed rising on four factory images (11 of 11)',
    ],
    identifiers: [{ at: 0x32d80, text: 'MGZA401' }],
    xdf: 'xdf-bin/cbr500r-mgz/38770-MGZ.xdf',
    images: [
      { path: 'xdf-bin/cbr500r-mgz/38770-MGZ-A03.bin', source: UPSKK },
      { path: 'xdf-bin/cbr500r-mgz/38770-MGZ-C02.bin', source: UPSKK },
      { path: 'xdf-bin/cbr500r-mgz/38770-MGZ-D02.bin', source: UPSKK },
      { path: 'bin-nodef/honda-keihin/38770-MGZ-C03.bin', source: UPSKK },
    ],
    leaveOut: /^ECMID/,
  },
  {
    ...HONDA,
    id: 'honda-38770-mjw-a301',
    title: 'Honda CBR500R 2017-2018, Keihin 38770-MJW (MJWA301)',
    ecu: { maker: 'Keihin', family: '38770-MJW', partNumber: ['38770-MJW-AQ1', '38770-MJW-DR1'] },
    motorcycles: ['honda/cbr500r-2013-2018'],
    sources: [
      'addresses and scalings: uPSKK13/HondaEcu, XDF 38770-MJW; axes confirmed rising on AQ1 and DR1 (11 of 11)',
    ],
    identifiers: [{ at: 0x3fa70, text: 'MJWA301' }],
    xdf: 'xdf-bin/cbr500r-mjw/38770-MJW.xdf',
    images: [
      { path: 'xdf-bin/cbr500r-mjw/38770-MJW-AQ1.bin', source: UPSKK },
      { path: 'xdf-bin/cbr500r-mjw/38770-MJW-DR1.bin', source: UPSKK },
    ],
    // Columns are mixed up or nothing is known of them.
    leaveOut: /^(ECMID|Unk|!!|Limiter (Trim|U\d)|Idle Trim)/,
  },
  {
    ...HONDA,
    id: 'honda-38770-k26-911',
    title: 'Honda MSX125 2013-2016, Keihin 38770-K26-911/931',
    ecu: { maker: 'Keihin', family: '38770-K26', partNumber: ['38770-K26-911', '38770-K26-931'] },
    motorcycles: ['honda/grom-2014-2020'],
    sources: ['addresses and scalings: uPSKK13/HondaEcu, XDF 38770-K26-911; axes confirmed rising on 911 and 931'],
    imageBytes: 49_152,
    byteOrder: 'little',
    identifiers: [{ at: 0x7601, text: 'KWWM404' }],
    xdf: 'xdf-bin/msx125-k26-911/38770-K26-911.xdf',
    images: [
      { path: 'xdf-bin/msx125-k26-911/38770-K26-911.bin', source: UPSKK },
      { path: 'xdf-bin/msx125-k26-911/38770-K26-931.bin', source: UPSKK },
    ],
  },
  {
    ...HONDA,
    id: 'honda-38770-k26-b13',
    title: 'Honda MSX125 2016-2019, Keihin 38770-K26-B13',
    ecu: { maker: 'Keihin', family: '38770-K26', partNumber: ['38770-K26-B13'] },
    motorcycles: ['honda/grom-2014-2020'],
    sources: [
      'addresses and scalings: uPSKK13/HondaEcu, XDF 38770-K26-B13; axes confirmed rising on the factory image',
    ],
    imageBytes: 65_536,
    byteOrder: 'little',
    identifiers: [{ at: 0x1, text: 'K03S203' }],
    xdf: 'xdf-bin/msx125-k26-b13/38770-K26-B13.xdf',
    images: [{ path: 'xdf-bin/msx125-k26-b13/38770-K26-B13.bin', source: UPSKK }],
  },
  {
    ...HONDA,
    id: 'honda-38770-k0f-a01',
    title: 'Honda Monkey 125 (Z125) 2019, Keihin 38770-K0F-A01',
    ecu: { maker: 'Keihin', family: '38770-K0F', partNumber: ['38770-K0F-A01'] },
    motorcycles: ['honda/monkey-125-2018-2021'],
    sources: [
      'addresses and scalings: uPSKK13/HondaEcu, XDF 38770-K0F-A01; axes confirmed rising on the factory image',
    ],
    imageBytes: 98_304,
    byteOrder: 'little',
    identifiers: [{ at: 0x1, text: 'K0FA103' }],
    xdf: 'xdf-bin/z125-k0f/38770-K0F-A01.xdf',
    images: [{ path: 'xdf-bin/z125-k0f/38770-K0F-A01.bin', source: UPSKK }],
  },
  {
    ...HONDA,
    id: 'suzuki-32990-10l-5jcxsj10',
    title: 'Suzuki Hayabusa 2021-, RH850 5JCXSJ10',
    ecu: { maker: 'Mitsubishi', family: '32990-10Lx', partNumber: ['32990-10L'] },
    motorcycles: ['suzuki/hayabusa-gsx1300r-2021-2024'],
    sources: [
      'addresses: DanCycles/HayabusaGen3, XDF for another revision, 4 bytes off for fuel and spark and right for limiters and fan; each item judged on the factory image',
    ],
    notes: 'Spark is in raw counts: the formula of the source gives up to 89.5 degrees and is not proven.',
    imageBytes: 2_097_152,
    byteOrder: 'little',
    sum8: false,
    shiftBytes: -4,
    shifts: [{ titles: /^(Limiter #|Fan Temp)/, shiftBytes: 0 }],
    identifiers: [{ at: 0x1ffcd0, text: '5JCXSJ10' }],
    xdf: 'xdf-bin/hayabusa-gen3/Suzuki-GSXR1300-32910-10LX0.xdf',
    images: [{ path: 'xdf-bin/hayabusa-gen3/Hayabusa gen 3 stock.bin', source: 'DanCycles/HayabusaGen3' }],
    leaveOut: /^(Disable|IGN :: Volt-Dwell|Fan Temp :)/,
    restate: [
      { titles: /^Limiter #1/, role: 'revLimiter', title: 'Rev limiter' },
      { titles: /^Limiter #2/, role: 'revLimiter.gear', title: 'Rev limiter by gear' },
      { titles: /^Limiter #3/, role: 'revLimiter.other', title: 'Rev limiter 3' },
      { titles: /^Limiter #4/, role: 'revLimiter.neutral', title: 'Rev limiter in neutral' },
      { titles: /^Fan Temperature/, role: 'fan', title: 'Fan on and off', unit: '°C' },
    ],
  },
];

/** Definitions that were written by hand, with the factory images that confirmed them. */
export const handWritten: { id: string; images: XdfSource['images'] }[] = [
  {
    id: 'ducati-iaw-15m-900ss',
    images: [
      {
        path: 'xdf-bin/ducati-900ss-15m/AM28F010_DUCATI_900_SS_EU.bin',
        source: 'Snoman002/Engine-Tune-Repository-TunerPro-EFIlive-TunerCat',
      },
    ],
  },
];
