/** MSL, the text log of TunerStudio and MegaLogViewer: quoted lines about the firmware, names, units, tab-separated rows, MARK lines. */
import type { LogFormat } from '../../core/logs/port.ts';
import { TableReader, tableHead } from '../../core/logs/table-reader.ts';

const TAB = 9;

export const log: LogFormat = {
  id: 'msl',
  title: 'MSL text log (TunerStudio, MegaLogViewer)',
  extensions: ['.msl', '.xls'],
  detect(head, name) {
    const table = tableHead(head, [TAB]);
    if (table === null) return null;
    const named = /\.(msl|xls)$/i.test(name);
    return {
      confidence: head[0] === 34 || named ? 0.9 : 0.6,
      because: `tab-separated table of ${table.fields.length} fields`,
    };
  },
  open: (sink) => new TableReader(sink, [TAB]),
};
