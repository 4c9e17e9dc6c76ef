using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Whether a user may delete sessions: only where the application names a policy, and the user meets it.</summary>
internal sealed class DeletePermission(SessionInspectorOptions options)
{
    public async ValueTask<bool> IsGrantedAsync(HttpContext context)
    {
        if (options.DeletePolicy is not { } policy)
        {
            return false;
        }

        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        var result = await authorization.AuthorizeAsync(context.User, context, policy).ConfigureAwait(false);
        return result.Succeeded;
    }

    /// <exception cref="ProblemException">He may not.</exception>
    public async ValueTask RequireAsync(HttpContext context)
    {
        if (!await IsGrantedAsync(context).ConfigureAwait(false))
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden,
                "Sessions cannot be deleted here",
                options.DeletePolicy is null
                    ? $"The application allows nobody to: {nameof(SessionInspectorOptions)}.{nameof(SessionInspectorOptions.DeletePolicy)} names no policy."
                    : $"You do not meet the policy '{options.DeletePolicy}'.");
        }
    }
}
