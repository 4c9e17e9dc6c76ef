using System.Globalization;
using System.Text;
using System.Xml;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>What was found, as the results of tests: each session is a suite, and each rule a test that passed or failed.</summary>
/// <seealso href="https://github.com/windyroad/JUnit-Schema"/>
internal static class JUnitReport
{
    private const string NoTime = "0";

    /// <param name="reports">What was found.</param>
    /// <param name="failing">What is as bad, or worse, fails.</param>
    public static string Of(IReadOnlyList<CheckReport> reports, Severity failing)
    {
        var text = new Utf8Text();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true }))
        {
            xml.WriteStartElement("testsuites");
            for (var i = 0; i < reports.Count; i++)
            {
                Write(xml, reports[i], i, failing);
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Write(XmlWriter xml, CheckReport report, int number, Severity failing)
    {
        var listed = report.Findings.Listed;
        var failures = listed.Where(finding => finding.Severity >= failing).ToLookup(static finding => finding.Rule);
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("id", number.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("package", "shadowcat");
        xml.WriteAttributeString("name", report.Session.Id.Value);
        xml.WriteAttributeString("timestamp", report.Session.CreatedAt.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteAttributeString("hostname", "localhost");
        xml.WriteAttributeString("tests", CheckRules.All.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("time", NoTime);
        xml.WriteStartElement("properties");
        xml.WriteEndElement();
        foreach (var rule in CheckRules.All)
        {
            Write(xml, rule, [.. failures[rule]], report.Findings.Omitted.GetValueOrDefault(rule));
        }

        xml.WriteElementString("system-out", string.Join('\n', listed.Where(finding => finding.Severity < failing).Select(Line)));
        xml.WriteElementString("system-err", "");
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, CheckRule rule, IReadOnlyList<Finding> failures, int omitted)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", rule.Id);
        xml.WriteAttributeString("classname", "shadowcat.check");
        xml.WriteAttributeString("time", NoTime);
        if (failures is [var first, ..])
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("type", first.Severity.ToString());
            xml.WriteAttributeString("message", rule.Description);
            xml.WriteString(string.Join('\n', failures.Select(Line)) + (omitted > 0 ? string.Create(CultureInfo.InvariantCulture, $"\nand {omitted} more") : ""));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Line(Finding finding) =>
        string.Create(CultureInfo.InvariantCulture, $"{finding.Severity} {(finding.Sequence is { } sequence ? $"#{sequence} " : "")}{finding.Rule.Id}: {Storable(finding.Message)}");

    /// <summary>What no XML may hold, even escaped, beside what no terminal may get.</summary>
    private static string Storable(string message) => message.Replace('\uFFFE', '·').Replace('\uFFFF', '·');

    /// <summary>Text that says of itself what it is written in.</summary>
    private sealed class Utf8Text() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
