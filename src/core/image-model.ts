/** How a file lies against the memory of the ECU. */

/** Where the memory of the ECU stands in a file that holds more or less. */
export interface ImageWindow {
  /** Of address 0, in the file with its bytes in order; negative where the beginning is missing. */
  offsetBytes: number;
  /** Size of the whole memory, and of the whole file. */
  imageBytes: number;
  fileBytes: number;
  /** Every byte of the memory is there. */
  isWhole: boolean;
}

/** How the bytes of a file lie against those of the ECU's memory. */
export type Arrangement =
  | 'bytesSwapped'
  | 'wordsSwapped'
  | 'bytesReversed'
  | 'halvesExchanged'
  | 'evenOddHalves'
  | 'oddEvenHalves';
