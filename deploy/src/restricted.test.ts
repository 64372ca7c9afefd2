import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { renderOverlay } from './rendered.ts';
import { RESTRICTED, type Pod } from './restricted.ts';

const { job } = renderOverlay(fileURLToPath(new URL('../job/train', import.meta.url)));

/** Returns the Job's pod with one change. */
function changed(change: (pod: Required<Pod>) => void): Pod {
  const pod = structuredClone(job.spec!.template) as Required<Pod>;
  change(pod);
  return pod;
}

type Change = [rule: string, what: string, change: (pod: Required<Pod>) => void];

const context = ({ spec }: Pod) => spec.securityContext!;
const container = ({ spec }: Pod) => spec.containers[0]!;
const containerContext = (pod: Pod) => container(pod).securityContext!;

const FORBIDDEN: Change[] = [
  ['HostProcess', 'the pod', (pod) => (context(pod).windowsOptions = { hostProcess: true })],
  ['HostProcess', 'a container', (pod) => (containerContext(pod).windowsOptions = { hostProcess: true })],
  ['Host Namespaces', 'network', ({ spec }) => (spec.hostNetwork = true)],
  ['Host Namespaces', 'processes', ({ spec }) => (spec.hostPID = true)],
  ['Host Namespaces', 'IPC', ({ spec }) => (spec.hostIPC = true)],
  ['Privileged Containers', '', (pod) => (containerContext(pod).privileged = true)],
  ['Host Ports', '', (pod) => (container(pod).ports = [{ containerPort: 80, hostPort: 80 }])],
  [
    'Host Probes / Lifecycle Hooks',
    'a probe',
    (pod) => (container(pod).livenessProbe = { httpGet: { host: '10.0.0.1', port: 80 } }),
  ],
  [
    'Host Probes / Lifecycle Hooks',
    'a hook',
    (pod) => (container(pod).lifecycle = { preStop: { tcpSocket: { host: '10.0.0.1', port: 80 } } }),
  ],
  ['AppArmor', 'a container', (pod) => (containerContext(pod).appArmorProfile = { type: 'Unconfined' })],
  [
    'AppArmor',
    'the annotation',
    (pod) => (pod.metadata.annotations = { 'container.apparmor.security.beta.kubernetes.io/ingest': 'unconfined' }),
  ],
  ['SELinux', 'type', (pod) => (context(pod).seLinuxOptions = { type: 'spc_t' })],
  ['SELinux', 'user', (pod) => (containerContext(pod).seLinuxOptions = { user: 'system_u' })],
  ['SELinux', 'role', (pod) => (context(pod).seLinuxOptions = { role: 'system_r' })],
  ['/proc Mount Type', '', (pod) => (containerContext(pod).procMount = 'Unmasked')],
  ['Sysctls', '', (pod) => (context(pod).sysctls = [{ name: 'kernel.msgmax', value: '1' }])],
  ['Volume Types', 'hostPath', ({ spec }) => spec.volumes!.push({ name: 'v', hostPath: { path: '/' } })],
  ['Volume Types', 'nfs', ({ spec }) => spec.volumes!.push({ name: 'v', nfs: { server: 's', path: '/' } })],
  ['Privilege Escalation', 'allowed', (pod) => (containerContext(pod).allowPrivilegeEscalation = true)],
  ['Privilege Escalation', 'not set', (pod) => delete containerContext(pod).allowPrivilegeEscalation],
  ['Running as Non-root', 'not set', (pod) => delete context(pod).runAsNonRoot],
  ['Running as Non-root', 'undone by the container', (pod) => (containerContext(pod).runAsNonRoot = false)],
  ['Running as Non-root user', 'the pod', (pod) => (context(pod).runAsUser = 0)],
  ['Running as Non-root user', 'a container', (pod) => (containerContext(pod).runAsUser = 0)],
  ['Seccomp', 'not set', (pod) => delete context(pod).seccompProfile],
  ['Seccomp', 'undone by the container', (pod) => (containerContext(pod).seccompProfile = { type: 'Unconfined' })],
  ['Capabilities', 'not dropped', (pod) => (containerContext(pod).capabilities = { drop: ['NET_RAW'] })],
  ['Capabilities', 'added', (pod) => (containerContext(pod).capabilities!.add = ['SYS_TIME'])],
];

describe('restricted', () => {
  it.each(FORBIDDEN)('refuses %s: %s', (rule, _what, change) => {
    const pod = changed(change);
    const broken = RESTRICTED.filter(({ violations }) => violations(pod).length > 0);
    expect(broken.map(({ name }) => name)).toEqual([rule]);
  });

  it('has an example that breaks each rule', () => {
    expect([...new Set(FORBIDDEN.map(([rule]) => rule))].sort()).toEqual(RESTRICTED.map(({ name }) => name).sort());
  });

  it('checks init containers too', () => {
    const pod = changed(({ spec }) => (spec.initContainers = [{ name: 'chown', securityContext: { runAsUser: 0 } }]));
    const broken = RESTRICTED.filter(({ violations }) => violations(pod).includes('chown'));
    expect(broken.map(({ name }) => name)).toEqual([
      'Privilege Escalation',
      'Running as Non-root user',
      'Capabilities',
    ]);
  });
});
