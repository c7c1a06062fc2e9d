import type { Town } from '../../../../core/town/town.ts';
import { bead, convoy, rig, town } from '../town-builder.ts';

const open = (id: string) => ({ id, outcome: 'open' }) as const;

/** Three beads, the third waits for the others; they land together; reviews are on and there is one gate. */
export const demoTown = (): Town =>
  town({
    rigs: [rig({ config: { refinery: { gates: ['npm test'] } } })],
    convoys: [convoy('demo', { beads: ['a', 'b', 'c'].map(open) })],
    beads: [
      bead('a', { convoyId: 'demo' }),
      bead('b', { convoyId: 'demo' }),
      bead('c', { convoyId: 'demo', dependsOn: ['a', 'b'].map(open) }),
    ],
  });

export const DEMO_ENDING = ['bead a closed', 'bead b closed', 'bead c closed', 'convoy demo landed'];

export const oneBead = (): Town => town({ beads: [bead('a')] });
