/** An open target is a place in the page that a link leads to: what is folded around it opens. */

export function startLinks(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest('a[href^="#"]');
    if (link !== null) openAround(link.getAttribute("href")!);
  });
  addEventListener("hashchange", () => openAround(location.hash));
  openAround(location.hash);
}

function openAround(hash: string): void {
  const target = document.getElementById(hash.slice(1));
  for (let around = target?.closest("details"); around; around = around.parentElement?.closest("details"))
    around.open = true;
}
