/**
 * Who may import whom: lab → userland → kernel/abi → hw/isa, and lab → kernel → hw/isa. What is not
 * listed here as allowed for a layer is refused: other layers, node: modules and packages alike.
 */
const only = (name, comment, from, allowed, fromNot) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, ...(fromNot ? { pathNot: fromNot } : {}) },
  to: { pathNot: allowed },
});

const KERNEL_HOST_SIDE = '^kernel/(boot/loader\\.ts|inspect/)';
const KERNEL_MAY = 'kernel/|hw/isa/|hw/address-map\\.ts$|hw/config\\.ts$';

export default {
  forbidden: [
    only('hw-alone', 'The machine knows no kernel, no node: module, no package.', '^hw/', '^hw/'),
    only(
      'kernel-on-instructions',
      'The kernel runs on hw through instructions alone.',
      '^kernel/',
      `^(${KERNEL_MAY})`,
      KERNEL_HOST_SIDE,
    ),
    only(
      'kernel-host-side',
      'The loader and the inspectors may also hold the machine, nothing else.',
      KERNEL_HOST_SIDE,
      `^(${KERNEL_MAY}|hw/machine\\.ts$)`,
    ),
    only(
      'abi-alone',
      'The ABI is what userland sees; it must not lead into the kernel.',
      '^kernel/abi/',
      '^(kernel/abi/|hw/isa/)',
    ),
    only(
      'userland-on-abi',
      'Programs know the instruction set and the ABI, no kernel internals.',
      '^userland/',
      '^(userland/|hw/isa/|kernel/abi/)',
    ),
    {
      name: 'lab-below',
      comment: 'The lab looks at everything but tests and built files.',
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^(test|dist)/' },
    },
    {
      name: 'no-dev-packages',
      comment: 'A published command cannot import what is installed for development only.',
      severity: 'error',
      from: { path: '^lab/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-cycles',
      comment: 'Modules that need each other at run time are one module. (Types may refer to each other.)',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
