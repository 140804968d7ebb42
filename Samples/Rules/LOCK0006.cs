// The options of this file, in the .editorconfig beside it, are misspelled. // LOCK0006
namespace Locking.Samples.LOCK0006;

/// <summary>Any file will do: options are read before the code is.</summary>
public sealed class Anything;
