import { valueAt } from '../../hw/check-config.ts';
import { CONFIG_FIELDS, describeAllowed } from '../../hw/config-fields.ts';
import { presetConfig } from '../../hw/presets.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/configuration.md: the fields of a machine, from the schema that checks them. */
export function renderConfiguration(): string {
  const preset = presetConfig('cc-numa', { harts: 8 });
  return page(
    'Configuration',
    '`--set field=value` changes a field of the machine that `--machine` names. The last column is what `cc-numa` with 8 harts has.',
    table(
      ['field', 'unit', 'allowed', 'meaning', 'cc-numa'],
      CONFIG_FIELDS.map(({ path, unit, allowed, summary }) => [
        code(path),
        unit,
        describeAllowed(allowed),
        summary,
        String(valueAt(preset, path)),
      ]),
    ),
  );
}
