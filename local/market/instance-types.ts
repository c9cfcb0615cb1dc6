import { driverGib } from '../../functions/core/market/instance-facts.ts';
import { type InstanceType, instanceTypes } from '../../functions/core/market/instance-types.ts';
import { toXmlReply, type WireReply, type WireRequest } from '../address/wire.ts';
import { readFilter, readList } from './spot-prices.ts';

/** What EC2 knows of a machine without instances: its types, those of our table. */
const answers: Readonly<Record<string, (form: URLSearchParams) => string>> = {
  DescribeInstanceTypes: (form) => {
    const wanted = [...readList(form, 'InstanceType'), ...readFilter(form, 'instance-type')];
    const types = instanceTypes.filter((type) => !wanted.length || wanted.includes(type.name));
    return `<instanceTypeSet>${types.map(toItem).join('')}</instanceTypeSet>`;
  },
  // The workers here are processes.
  DescribeInstances: () => '<reservationSet/>',
};

/** Undefined for any other action. */
export function serveInstances(request: WireRequest): WireReply | undefined {
  const form = new URLSearchParams(request.body.toString());
  const action = form.get('Action') ?? '';
  const answer = answers[action];
  return answer && toXmlReply(200, `<${action}Response>${answer(form)}</${action}Response>`);
}

const inMib = (gib: number) => Math.round(gib * 1024);

/** EC2 reports the memory of a GPU before the driver takes its part. */
function toItem({ name, gpu, vramGib, vcpus, memoryGib }: InstanceType): string {
  const gpuMib = inMib(vramGib + driverGib);
  const gpus = `<item><name>${gpu}</name><manufacturer>NVIDIA</manufacturer><count>1</count><memoryInfo><sizeInMiB>${gpuMib}</sizeInMiB></memoryInfo></item>`;
  return (
    `<item><instanceType>${name}</instanceType><vCpuInfo><defaultVCpus>${vcpus}</defaultVCpus></vCpuInfo>` +
    `<memoryInfo><sizeInMiB>${inMib(memoryGib)}</sizeInMiB></memoryInfo><gpuInfo><gpus>${gpus}</gpus></gpuInfo></item>`
  );
}
