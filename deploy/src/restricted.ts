import type { IContainer, IPodSpec, IPodTemplateSpec, IProbe } from 'kubernetes-models/v1';

/** A rule of the Pod Security Standard `restricted`. */
export interface Rule {
  /** The name of the rule in the standard. */
  name: string;
  /** Returns the parts of the pod that break the rule. */
  violations: (pod: Pod) => string[];
}

export type Pod = Pick<IPodTemplateSpec, 'metadata'> & { spec: IPodSpec };

const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];
const VOLUME_TYPES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Every rule of `restricted` and of `baseline` for Linux pods. Of two rules for the same field, the stricter one. */
export const RESTRICTED: readonly Rule[] = [
  everywhere('HostProcess', ({ windowsOptions }) => windowsOptions?.hostProcess === true),
  {
    name: 'Host Namespaces',
    violations: ({ spec }) => (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]),
  },
  perContainer('Privileged Containers', ({ securityContext }) => securityContext?.privileged === true),
  perContainer('Host Ports', ({ ports = [] }) => ports.some(({ hostPort }) => hostPort)),
  perContainer('Host Probes / Lifecycle Hooks', ({ livenessProbe, readinessProbe, startupProbe, lifecycle }) =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].some(asksAnotherHost),
  ),
  {
    name: 'AppArmor',
    violations: (pod) => [
      ...everywhere('', ({ appArmorProfile }) => appArmorProfile?.type === 'Unconfined').violations(pod),
      ...Object.entries(pod.metadata?.annotations ?? {})
        .filter(([name]) => name.startsWith('container.apparmor.security.beta.kubernetes.io/'))
        .filter(([, profile]) => profile !== 'runtime/default' && !profile.startsWith('localhost/'))
        .map(([name]) => name),
    ],
  },
  everywhere(
    'SELinux',
    ({ seLinuxOptions: selinux }) =>
      selinux !== undefined && (!SELINUX_TYPES.includes(selinux.type ?? '') || !!selinux.user || !!selinux.role),
  ),
  perContainer('/proc Mount Type', ({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default'),
  {
    name: 'Sysctls',
    violations: ({ spec }) =>
      (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !SAFE_SYSCTLS.includes(name)),
  },
  {
    name: 'Volume Types',
    violations: ({ spec }) =>
      (spec.volumes ?? [])
        .filter(({ name: _name, ...source }) => !Object.keys(source).every((type) => VOLUME_TYPES.includes(type)))
        .map(({ name }) => name),
  },
  perContainer('Privilege Escalation', ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false),
  perContainer(
    'Running as Non-root',
    ({ securityContext }, { spec }) => (securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot) !== true,
  ),
  everywhere('Running as Non-root user', ({ runAsUser }) => runAsUser === 0),
  {
    name: 'Seccomp',
    violations: (pod) => [
      ...everywhere('', ({ seccompProfile }) => seccompProfile?.type === 'Unconfined').violations(pod),
      ...perContainer(
        '',
        ({ securityContext }, { spec }) => !(securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile),
      ).violations(pod),
    ],
  },
  perContainer('Capabilities', ({ securityContext }) => {
    const { drop = [], add = [] } = securityContext?.capabilities ?? {};
    return !drop.includes('ALL') || add.some((capability) => capability !== 'NET_BIND_SERVICE');
  }),
];

/** The security settings that pods and containers share. */
type CommonContext = Pick<
  NonNullable<IContainer['securityContext']>,
  'appArmorProfile' | 'runAsUser' | 'seLinuxOptions' | 'seccompProfile' | 'windowsOptions'
>;

function everywhere(name: string, breaks: (context: CommonContext) => boolean): Rule {
  const parts = ({ spec }: Pod) => [
    { part: 'the pod', context: spec.securityContext },
    ...containersOf(spec).map((container) => ({ part: container.name, context: container.securityContext })),
  ];
  return {
    name,
    violations: (pod) =>
      parts(pod)
        .filter(({ context }) => breaks(context ?? {}))
        .map(({ part }) => part),
  };
}

function perContainer(name: string, breaks: (container: IContainer, pod: Pod) => boolean): Rule {
  return {
    name,
    violations: (pod) =>
      containersOf(pod.spec)
        .filter((one) => breaks(one, pod))
        .map((container) => container.name),
  };
}

function containersOf({ initContainers = [], containers, ephemeralContainers = [] }: IPodSpec): IContainer[] {
  return [...initContainers, ...containers, ...ephemeralContainers];
}

function asksAnotherHost(handler: Pick<IProbe, 'httpGet' | 'tcpSocket'> | undefined): boolean {
  return Boolean(handler?.httpGet?.host ?? handler?.tcpSocket?.host);
}
