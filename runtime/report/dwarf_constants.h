// dwarf_constants.h - the numbers of the DWARF standard, versions 4 and 5, that variables are found
// by.
//
// Names are the standard's, without DW_. [DWARF 5, chapter 7]
#pragma once

#include "base/types.h"

namespace hindsight {

enum DwarfTag : u16 {
  kTagArrayType = 0x01,
  kTagClassType = 0x02,
  kTagFormalParameter = 0x05,
  kTagLexicalBlock = 0x0b,
  kTagMember = 0x0d,
  kTagStructureType = 0x13,
  kTagTypedef = 0x16,
  kTagUnionType = 0x17,
  kTagInheritance = 0x1c,
  kTagInlinedSubroutine = 0x1d,
  kTagSubrangeType = 0x21,
  kTagConstType = 0x26,
  kTagSubprogram = 0x2e,
  kTagVariable = 0x34,
  kTagVolatileType = 0x35,
  kTagRestrictType = 0x37,
  kTagAtomicType = 0x47,
};

enum DwarfForm : u16 {
  kFormAddr = 0x01,
  kFormBlock2 = 0x03,
  kFormBlock4 = 0x04,
  kFormData2 = 0x05,
  kFormData4 = 0x06,
  kFormData8 = 0x07,
  kFormString = 0x08,
  kFormBlock = 0x09,
  kFormBlock1 = 0x0a,
  kFormData1 = 0x0b,
  kFormFlag = 0x0c,
  kFormSdata = 0x0d,
  kFormStrp = 0x0e,
  kFormUdata = 0x0f,
  kFormRefAddr = 0x10,
  kFormRef1 = 0x11,
  kFormRef2 = 0x12,
  kFormRef4 = 0x13,
  kFormRef8 = 0x14,
  kFormRefUdata = 0x15,
  kFormIndirect = 0x16,
  kFormSecOffset = 0x17,
  kFormExprloc = 0x18,
  kFormFlagPresent = 0x19,
  kFormStrx = 0x1a,
  kFormAddrx = 0x1b,
  kFormRefSup4 = 0x1c,
  kFormStrpSup = 0x1d,
  kFormData16 = 0x1e,
  kFormLineStrp = 0x1f,
  kFormRefSig8 = 0x20,
  kFormImplicitConst = 0x21,
  kFormLoclistx = 0x22,
  kFormRnglistx = 0x23,
  kFormRefSup8 = 0x24,
  kFormStrx1 = 0x25,
  kFormStrx2 = 0x26,
  kFormStrx3 = 0x27,
  kFormStrx4 = 0x28,
  kFormAddrx1 = 0x29,
  kFormAddrx2 = 0x2a,
  kFormAddrx3 = 0x2b,
  kFormAddrx4 = 0x2c,
  kFormGnuRefAlt = 0x1f20,
  kFormGnuStrpAlt = 0x1f21,
};

enum DwarfOperation : u8 {
  kOpAddr = 0x03,
  kOpDeref = 0x06,
  kOpConst4u = 0x0c,
  kOpConst8u = 0x0e,
  kOpConsts = 0x11,
  kOpPlus = 0x22,
  kOpPlusUconst = 0x23,
  kOpReg0 = 0x50,
  kOpReg31 = 0x6f,
  kOpBreg0 = 0x70,
  kOpBreg31 = 0x8f,
  kOpFbreg = 0x91,
  kOpPiece = 0x93,
  kOpFormTlsAddress = 0x9b,
  kOpCallFrameCfa = 0x9c,
  kOpAddrx = 0xa1,
  kOpGnuPushTlsAddress = 0xe0,
};

enum DwarfRangeEntry : u8 {
  kRangeEnd = 0,
  kRangeBaseAddressx = 1,
  kRangeStartxEndx = 2,
  kRangeStartxLength = 3,
  kRangeOffsetPair = 4,
  kRangeBaseAddress = 5,  // location lists have "default location" here and go on one later
  kRangeStartEnd = 6,
  kRangeStartLength = 7,
};

enum DwarfUnitType : u8 {
  kUnitCompile = 1,
  kUnitType = 2,
  kUnitPartial = 3,
  kUnitSkeleton = 4,
  kUnitSplitCompile = 5,
  kUnitSplitType = 6,
};

enum DwarfLineContent : u8 { kLinePath = 1, kLineDirectoryIndex = 2 };

/// Of x86-64's registers, those that a frame is described by.
inline constexpr u8 kDwarfBp = 6, kDwarfSp = 7, kDwarfReturnAddress = 16;

}  // namespace hindsight
