namespace Shadowcat.Sessions.Recorder.Completion;

/// <summary>What lets a shell complete the command line: each asks the program itself, which answers the directive <c>[suggest:position] "line"</c> with a suggestion a line.</summary>
/// <remarks>Left out are the aliases of <c>--help</c>. Where there are no suggestions, a shell offers files.</remarks>
internal static class CompletionScripts
{
    private const string Bash = """
        _shadowcat() {
            local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
            line="${line#* }"
            COMPREPLY=($(compgen -X '[-/][?h]' -W "$(shadowcat "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _shadowcat shadowcat
        """;

    private const string Zsh = """
        #compdef shadowcat
        _shadowcat() {
            local line="${(j: :)words[2,CURRENT]}"
            local -a suggestions=("${(@f)$(shadowcat "[suggest:${#line}]" "$line" 2>/dev/null)}")
            suggestions=(${suggestions:#[-/][?h]})
            compadd -a suggestions || _files
        }
        compdef _shadowcat shadowcat
        """;

    private const string Fish = """
        function __shadowcat_complete
            set -l words (commandline -opc)
            set -e words[1]
            set -l word (commandline -ct)
            set -l line (string join ' ' -- $words "$word")
            shadowcat "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -v -r '^[-/][?h]$'
        end
        complete -c shadowcat -a '(__shadowcat_complete)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName shadowcat -ScriptBlock {
            param($word, $command, $position)
            $line = "$command".PadRight($position).Substring(0, $position) -replace '^\S+\s', ''
            shadowcat "[suggest:$($line.Length)]" "$line" 2>$null |
                Where-Object { $_ -like "$word*" -and $_ -notmatch '^[-/][?h]$' } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    /// <summary>The script of each shell that is known.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = PowerShell,
    };
}
