// system_control.cpp - system calls whose command says what they read and write: prctl, ptrace,
// quotas, capabilities, modules, descriptor tables.
//
// Commands that are not listed move numbers only.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <linux/capability.h>
#include <linux/dqblk_xfs.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <sys/user.h>

using namespace hindsight;

namespace {

/// What a command moves between kernel and caller, at its argument.
struct Transfer {
  unsigned long at = 0;
  size_t reads = 0, writes = 0;
};

template <class Object>
const Object* pointerTo(unsigned long argument) {
  return reinterpret_cast<const Object*>(argument);
}

void reads(InterceptedCall& call, const Transfer& transfer) {
  readsBytes(call, pointerTo<void>(transfer.at), transfer.reads);
}

void writes(InterceptedCall& call, const Transfer& transfer) {
  writesBytes(call, pointerTo<void>(transfer.at), transfer.writes);
}

/// Bytes of a string, with its terminator, of which the kernel takes no more than `most`.
size_t textBytes(unsigned long argument, size_t most) {
  const char* const text = pointerTo<char>(argument);
  if (!mayLook(text)) return 0;
  for (size_t bytes = 0; bytes < most; ++bytes)
    if (text[bytes] == '\0') return bytes + 1;
  return most;
}

}  // namespace

// prctl

namespace {

constexpr size_t kNameRoom = 16;  // of which the last is a zero of the kernel's
constexpr size_t kMappingNameRoom = 80;
constexpr unsigned long kGetAuxiliaryVector = 0x41555856;

Transfer transferOf(int option, const unsigned long (&at)[4]) {
  switch (option) {
    case PR_SET_NAME: return {at[0], textBytes(at[0], kNameRoom - 1), 0};
    case PR_GET_NAME: return {at[0], 0, kNameRoom};
    case PR_GET_PDEATHSIG:
    case PR_GET_CHILD_SUBREAPER:
    case PR_GET_TSC:
    case PR_GET_UNALIGN:
    case PR_GET_FPEMU:
    case PR_GET_FPEXC:
    case PR_GET_ENDIAN: return {at[0], 0, sizeof(int)};
    case PR_GET_TID_ADDRESS: return {at[0], 0, sizeof(int*)};
    case PR_SET_SECCOMP: return {at[1], at[0] == SECCOMP_MODE_FILTER ? sizeof(sock_fprog) : 0, 0};
    case PR_SET_MM:
      if (at[0] == PR_SET_MM_AUXV || at[0] == PR_SET_MM_MAP) return {at[1], at[2], 0};
      if (at[0] == PR_SET_MM_MAP_SIZE) return {at[1], 0, sizeof(unsigned)};
      return {};
    case PR_SCHED_CORE: return {at[3], 0, at[0] == PR_SCHED_CORE_GET ? sizeof(u64) : 0};
    case PR_SET_VMA:
      if (at[0] != PR_SET_VMA_ANON_NAME) return {};
      return {at[3], textBytes(at[3], kMappingNameRoom), 0};
    case kGetAuxiliaryVector: return {at[0], 0, at[1]};
    default: return {};
  }
}

/// The instructions of a filter, behind what prctl is given.
void readsFilter(InterceptedCall& call, unsigned long argument) {
  const auto* const program = pointerTo<sock_fprog>(argument);
  if (mayLook(program)) readsBytes(call, program->filter, program->len * sizeof *program->filter);
}

}  // namespace

HINDSIGHT_INTERCEPTOR int prctl(int option, ...) noexcept {
  va_list list;
  va_start(list, option);
  unsigned long at[4];
  for (unsigned long& argument : at) argument = va_arg(list, unsigned long);
  va_end(list);
  const auto real_call = [&] { return real.prctl(option, at[0], at[1], at[2], at[3]); };
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_call();
  Transfer transfer = transferOf(option, at);
  reads(call, transfer);
  if (option == PR_SET_SECCOMP && transfer.reads != 0) readsFilter(call, at[1]);
  const int result = call.blocking(real_call);
  if (result < 0) return result;
  if (option == kGetAuxiliaryVector)
    transfer.writes = min(transfer.writes, static_cast<size_t>(result));
  writes(call, transfer);
  if (option == PR_SET_NAME) nameThread(call.thread(), pointerTo<char>(at[0]));
  return result;
}

// ptrace: what the debugger gives and gets. The memory of the process that it looks at is
// another's.

namespace {

Transfer transferOf(int request, unsigned long address, unsigned long data) {
  switch (request) {
    case PTRACE_GETEVENTMSG: return {data, 0, sizeof(long)};
    case PTRACE_GETSIGINFO: return {data, 0, sizeof(siginfo_t)};
    case PTRACE_SETSIGINFO: return {data, sizeof(siginfo_t), 0};
    case PTRACE_GETSIGMASK: return {data, 0, address};
    case PTRACE_SETSIGMASK: return {data, address, 0};
    case PTRACE_PEEKSIGINFO: return {address, sizeof(__ptrace_peeksiginfo_args), 0};
    case PTRACE_SECCOMP_GET_METADATA:
      return {data, sizeof(u64), min(address, sizeof(__ptrace_seccomp_metadata))};
#if defined(__x86_64__)
    case PTRACE_GETREGS: return {data, 0, sizeof(user_regs_struct)};
    case PTRACE_SETREGS: return {data, sizeof(user_regs_struct), 0};
    case PTRACE_GETFPREGS: return {data, 0, sizeof(user_fpregs_struct)};
    case PTRACE_SETFPREGS: return {data, sizeof(user_fpregs_struct), 0};
    case PTRACE_ARCH_PRCTL:
      return {address, 0, data == 0x1003 || data == 0x1004 ? sizeof(long) : 0};  // ARCH_GET_FS, _GS
#endif
    default: return {};
  }
}

/// What depends on how much there was. `room` is that of a set of registers.
void writesCounted(InterceptedCall& call, int request, unsigned long address, unsigned long data,
                   long result) {
  const auto count = static_cast<size_t>(result);
  switch (request) {
    case PTRACE_PEEKSIGINFO:
      return writesBytes(call, pointerTo<void>(data), count * sizeof(siginfo_t));
    case PTRACE_SECCOMP_GET_FILTER:
      return writesBytes(call, pointerTo<void>(data), count * sizeof(sock_filter));
    case PTRACE_GET_SYSCALL_INFO:
    case PTRACE_GET_RSEQ_CONFIGURATION:
      return writesBytes(call, pointerTo<void>(data), min(address, count));
    case PTRACE_GETREGSET:
    case PTRACE_SETREGSET: {
      const auto* const set = pointerTo<iovec>(data);
      if (request == PTRACE_GETREGSET) writesBytes(call, set->iov_base, set->iov_len);
      return writesObject(call, &set->iov_len);
    }
    default: return;
  }
}

void readsRegisters(InterceptedCall& call, int request, unsigned long data) {
  const auto* const set = pointerTo<iovec>(data);
  if ((request != PTRACE_GETREGSET && request != PTRACE_SETREGSET) || !mayLook(set)) return;
  readsObject(call, set);
  if (request == PTRACE_SETREGSET) readsBytes(call, set->iov_base, set->iov_len);
}

}  // namespace

/// The type in the header, an enumeration, is none that va_start may begin behind.
HINDSIGHT_INTERCEPTOR long traceProcess(int request, ...) noexcept __asm__("ptrace");
long traceProcess(int request, ...) noexcept {
  va_list list;
  va_start(list, request);
  const auto process = va_arg(list, pid_t);
  const auto address = va_arg(list, unsigned long);
  const auto data = va_arg(list, unsigned long);
  va_end(list);
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.ptrace(static_cast<__ptrace_request>(request), process, address, data); },
      [=](InterceptedCall& call) {
        reads(call, transferOf(request, address, data));
        readsRegisters(call, request, data);
      },
      [=](InterceptedCall& call, long result) {
        if (result < 0) return;
        writes(call, transferOf(request, address, data));
        writesCounted(call, request, address, data, result);
      });
}

// Quotas

namespace {

Transfer quotaTransfer(unsigned command, unsigned long at) {
  switch (command) {
    case Q_QUOTAON: return {at, textBytes(at, PATH_MAX), 0};
    case Q_GETFMT: return {at, 0, sizeof(u32)};
    case Q_GETINFO: return {at, 0, sizeof(dqinfo)};
    case Q_SETINFO: return {at, sizeof(dqinfo), 0};
    case Q_GETQUOTA:
    case Q_GETNEXTQUOTA:  // the name of the next stands where the other has padding
      return {at, 0, sizeof(dqblk)};
    case Q_SETQUOTA: return {at, sizeof(dqblk), 0};
    case Q_XQUOTAON:
    case Q_XQUOTAOFF:
    case Q_XQUOTARM: return {at, sizeof(u32), 0};
    case Q_XGETQUOTA:
    case Q_XGETNEXTQUOTA: return {at, 0, sizeof(fs_disk_quota)};
    case Q_XSETQLIM: return {at, sizeof(fs_disk_quota), 0};
    case Q_XGETQSTAT: return {at, 0, sizeof(fs_quota_stat)};
    case Q_XGETQSTATV: return {at, sizeof(fs_quota_statv::qs_version), sizeof(fs_quota_statv)};
    default: return {};
  }
}

}  // namespace

HINDSIGHT_INTERCEPTOR int quotactl(int command, const char* device, int id,
                                   caddr_t address) noexcept {
  const auto transfer = [=] {
    return quotaTransfer(static_cast<unsigned>(command) >> SUBCMDSHIFT,
                         reinterpret_cast<unsigned long>(address));
  };
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.quotactl(command, device, id, address); },
      [=](InterceptedCall& call) {
        readsText(call, device);
        reads(call, transfer());
      },
      [=](InterceptedCall& call, int result) {
        if (result == 0) writes(call, transfer());
      });
}

// Capabilities: the header's version says how many words there are.

namespace {

size_t capabilityBytes(const __user_cap_header_struct* header) {
  if (!mayLook(header)) return 0;
  const u32 words = header->version == _LINUX_CAPABILITY_VERSION_1 ? _LINUX_CAPABILITY_U32S_1
                                                                   : _LINUX_CAPABILITY_U32S_3;
  return words * sizeof(__user_cap_data_struct);
}

/// The kernel answers a version that it does not know by the one that it prefers.
bool isKnownVersion(const __user_cap_header_struct* header) {
  return !mayLook(header) || header->version == _LINUX_CAPABILITY_VERSION_1 ||
         header->version == _LINUX_CAPABILITY_VERSION_2 ||
         header->version == _LINUX_CAPABILITY_VERSION_3;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int capget(__user_cap_header_struct* header,
                                 __user_cap_data_struct* data) noexcept {
  const bool is_known = isKnownVersion(header);
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.capget(header, data); },
      [=](InterceptedCall& call) { readsObject(call, header); },
      [=](InterceptedCall& call, int result) {
        if (!is_known)
          writesObject(call, &header->version);
        else if (result == 0)
          writesBytes(call, data, capabilityBytes(header));
      });
}

HINDSIGHT_INTERCEPTOR int capset(__user_cap_header_struct* header,
                                 const __user_cap_data_struct* data) noexcept {
  const bool is_known = isKnownVersion(header);
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.capset(header, data); },
      [=](InterceptedCall& call) {
        readsObject(call, header);
        if (is_known) readsBytes(call, data, capabilityBytes(header));
      },
      [=](InterceptedCall& call, int) {
        if (!is_known) writesObject(call, &header->version);
      });
}

// Modules and descriptor tables

HINDSIGHT_INTERCEPTOR int init_module(void* image, unsigned long bytes,
                                      const char* parameters) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.init_module(image, bytes, parameters); },
      [=](InterceptedCall& call) {
        readsBytes(call, image, bytes);
        readsText(call, parameters);
      });
}

HINDSIGHT_INTERCEPTOR int delete_module(const char* name, unsigned flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.delete_module(name, flags); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

#if defined(__x86_64__)
HINDSIGHT_INTERCEPTOR int modify_ldt(int command, void* at, unsigned long bytes) noexcept {
  const bool reads_table = command == 0 || command == 2;
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.modify_ldt(command, at, bytes); },
      [=](InterceptedCall& call) {
        if (!reads_table) readsBytes(call, at, bytes);
      },
      [=](InterceptedCall& call, int result) {
        if (reads_table && result > 0) writesBytes(call, at, static_cast<size_t>(result));
      });
}
#endif
