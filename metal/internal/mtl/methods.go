package mtl

import (
	"unsafe"

	"github.com/mlxstar/mlxstar/metal/internal/objc"
)

type (
	method[F any] = objc.Method[F]
	id            = objc.ID
	sel           = objc.SEL
)

// methods is the one table of messages: class, selector and exact argument
// types. A test holds it against Apple's declarations.
type methods struct {
	Retain  method[func(Object, sel) Object]    `objc:"NSObject -retain"`
	Release method[func(Object, sel)]           `objc:"NSObject -release"`
	Alloc   method[func(id, sel) Object]        `objc:"NSObject +alloc"`
	Init    method[func(Object, sel) Object]    `objc:"NSObject -init"`
	Answers method[func(Object, sel, sel) bool] `objc:"NSObject -respondsToSelector:"`

	StringWithCString    method[func(id, sel, string, StringEncoding) String] `objc:"NSString +stringWithCString:encoding:"`
	UTF8String           method[func(String, sel) string]                     `objc:"NSString -UTF8String"`
	LocalizedDescription method[func(Error, sel) String]                      `objc:"NSError -localizedDescription"`
	FileURLWithPath      method[func(id, sel, String) URL]                    `objc:"NSURL +fileURLWithPath:"`

	DeviceName            method[func(Device, sel) String]                                            `objc:"MTLDevice -name"`
	DeviceArchitecture    method[func(Device, sel) Architecture]                                      `objc:"MTLDevice -architecture"`
	ArchitectureName      method[func(Architecture, sel) String]                                      `objc:"MTLArchitecture -name"`
	MaxBufferLength       method[func(Device, sel) uint]                                              `objc:"MTLDevice -maxBufferLength"`
	RecommendedWorkingSet method[func(Device, sel) uint64]                                            `objc:"MTLDevice -recommendedMaxWorkingSetSize"`
	NewBuffer             method[func(Device, sel, uint, ResourceOptions) Buffer]                     `objc:"MTLDevice -newBufferWithLength:options:"`
	NewBufferNoCopy       method[func(Device, sel, unsafe.Pointer, uint, ResourceOptions, id) Buffer] `objc:"MTLDevice -newBufferWithBytesNoCopy:length:options:deallocator:"`
	NewCommandQueue       method[func(Device, sel) CommandQueue]                                      `objc:"MTLDevice -newCommandQueue"`
	NewSharedEvent        method[func(Device, sel) SharedEvent]                                       `objc:"MTLDevice -newSharedEvent"`
	NewLibrary            method[func(Device, sel, String, CompileOptions, *Error) Library]           `objc:"MTLDevice -newLibraryWithSource:options:error:"`
	NewComputePipeline    method[func(Device, sel, Function, *Error) Pipeline]                        `objc:"MTLDevice -newComputePipelineStateWithFunction:error:"`
	NewFunction           method[func(Library, sel, String) Function]                                 `objc:"MTLLibrary -newFunctionWithName:"`
	SetFastMathEnabled    method[func(CompileOptions, sel, bool)]                                     `objc:"MTLCompileOptions -setFastMathEnabled:"`
	SetMathMode           method[func(CompileOptions, sel, MathMode)]                                 `objc:"MTLCompileOptions -setMathMode:"`
	MaxThreadsPerGroup    method[func(Pipeline, sel) uint]                                            `objc:"MTLComputePipelineState -maxTotalThreadsPerThreadgroup"`
	ThreadExecutionWidth  method[func(Pipeline, sel) uint]                                            `objc:"MTLComputePipelineState -threadExecutionWidth"`
	Contents              method[func(Buffer, sel) unsafe.Pointer]                                    `objc:"MTLBuffer -contents"`
	Length                method[func(Buffer, sel) uint]                                              `objc:"MTLBuffer -length"`
	SignaledValue         method[func(SharedEvent, sel) uint64]                                       `objc:"MTLSharedEvent -signaledValue"`
	SetSignaledValue      method[func(SharedEvent, sel, uint64)]                                      `objc:"MTLSharedEvent -setSignaledValue:"`
	SharedCaptureManager  method[func(id, sel) CaptureManager]                                        `objc:"MTLCaptureManager +sharedCaptureManager"`
	StartCapture          method[func(CaptureManager, sel, CaptureSettings, *Error) bool]             `objc:"MTLCaptureManager -startCaptureWithDescriptor:error:"`
	StopCapture           method[func(CaptureManager, sel)]                                           `objc:"MTLCaptureManager -stopCapture"`
	SetCaptureObject      method[func(CaptureSettings, sel, id)]                                      `objc:"MTLCaptureDescriptor -setCaptureObject:"`
	SetCaptureDestination method[func(CaptureSettings, sel, CaptureDestination)]                      `objc:"MTLCaptureDescriptor -setDestination:"`
	SetCaptureURL         method[func(CaptureSettings, sel, URL)]                                     `objc:"MTLCaptureDescriptor -setOutputURL:"`

	NewResidencySet    method[func(Device, sel, ResidencySettings, *Error) ResidencySet] `objc:"MTLDevice -newResidencySetWithDescriptor:error:"`
	AddAllocation      method[func(ResidencySet, sel, Buffer)]                           `objc:"MTLResidencySet -addAllocation:"`
	RemoveAllocation   method[func(ResidencySet, sel, Buffer)]                           `objc:"MTLResidencySet -removeAllocation:"`
	CommitResidency    method[func(ResidencySet, sel)]                                   `objc:"MTLResidencySet -commit"`
	RequestResidency   method[func(ResidencySet, sel)]                                   `objc:"MTLResidencySet -requestResidency"`
	EndResidency       method[func(ResidencySet, sel)]                                   `objc:"MTLResidencySet -endResidency"`
	AddResidencySet    method[func(CommandQueue, sel, ResidencySet)]                     `objc:"MTLCommandQueue -addResidencySet:"`
	RemoveResidencySet method[func(CommandQueue, sel, ResidencySet)]                     `objc:"MTLCommandQueue -removeResidencySet:"`

	CommandBuffer      method[func(CommandQueue, sel) CommandBuffer]                 `objc:"MTLCommandQueue -commandBuffer"`
	Commit             method[func(CommandBuffer, sel)]                              `objc:"MTLCommandBuffer -commit"`
	WaitUntilCompleted method[func(CommandBuffer, sel)]                              `objc:"MTLCommandBuffer -waitUntilCompleted"`
	Status             method[func(CommandBuffer, sel) CommandBufferStatus]          `objc:"MTLCommandBuffer -status"`
	BufferError        method[func(CommandBuffer, sel) Error]                        `objc:"MTLCommandBuffer -error"`
	EncodeSignal       method[func(CommandBuffer, sel, SharedEvent, uint64)]         `objc:"MTLCommandBuffer -encodeSignalEvent:value:"`
	EncodeWait         method[func(CommandBuffer, sel, SharedEvent, uint64)]         `objc:"MTLCommandBuffer -encodeWaitForEvent:value:"`
	NewEncoder         method[func(CommandBuffer, sel, DispatchType) ComputeEncoder] `objc:"MTLCommandBuffer -computeCommandEncoderWithDispatchType:"`

	EndEncoding          method[func(ComputeEncoder, sel)]                             `objc:"MTLCommandEncoder -endEncoding"`
	SetPipeline          method[func(ComputeEncoder, sel, Pipeline)]                   `objc:"MTLComputeCommandEncoder -setComputePipelineState:"`
	SetBuffer            method[func(ComputeEncoder, sel, Buffer, uint, uint)]         `objc:"MTLComputeCommandEncoder -setBuffer:offset:atIndex:"`
	SetBytes             method[func(ComputeEncoder, sel, unsafe.Pointer, uint, uint)] `objc:"MTLComputeCommandEncoder -setBytes:length:atIndex:"`
	SetThreadgroupMemory method[func(ComputeEncoder, sel, uint, uint)]                 `objc:"MTLComputeCommandEncoder -setThreadgroupMemoryLength:atIndex:"`
	DispatchGroups       method[func(ComputeEncoder, sel, Size, Size)]                 `objc:"MTLComputeCommandEncoder -dispatchThreadgroups:threadsPerThreadgroup:"`
	DispatchThreads      method[func(ComputeEncoder, sel, Size, Size)]                 `objc:"MTLComputeCommandEncoder -dispatchThreads:threadsPerThreadgroup:"`
	Barrier              method[func(ComputeEncoder, sel, BarrierScope)]               `objc:"MTLComputeCommandEncoder -memoryBarrierWithScope:"`
}
